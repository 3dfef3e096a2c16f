// SPDX-License-Identifier: EUPL-1.2
// Implementation of faces.hpp with FreeType and HarfBuzz's own OpenType functions. UI thread only.
#include "kiosk/text/faces.hpp"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include <hb-ft.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace text {
namespace {

constexpr std::array<const char*, 2 * script_count> file_names{
    "NotoSans-Regular.ttf",         "NotoSans-Bold.ttf",
    "NotoSansArabic-Regular.ttf",   "NotoSansArabic-Bold.ttf",
    "NotoSansEthiopic-Regular.ttf", "NotoSansEthiopic-Bold.ttf"};

/// FreeType counts in 1/64 pixel.
constexpr float ft_units = 64.0F;
constexpr FT_Int32 load_flags = FT_LOAD_NO_HINTING | FT_LOAD_NO_AUTOHINT | FT_LOAD_NO_BITMAP;

std::size_t index_of(FaceId face) {
    return 2 * static_cast<std::size_t>(face.script) + static_cast<std::size_t>(face.weight);
}

using Library = std::unique_ptr<FT_LibraryRec_, base::Deleter<FT_Done_FreeType>>;
using Face = std::unique_ptr<FT_FaceRec_, base::Deleter<FT_Done_Face>>;
using HbFont = std::unique_ptr<hb_font_t, base::Deleter<hb_font_destroy>>;
using HbBuffer = std::unique_ptr<hb_buffer_t, base::Deleter<hb_buffer_destroy>>;

struct Slot {
    Face face;
    HbFont shaper;  ///< references the face: declared after it, released before it
    float size_px = 0;
};

}  // namespace

struct Faces::Parts {
    Library library;  ///< first: it must outlive the faces
    std::array<Slot, 2 * script_count> slots;
    HbBuffer buffer{hb_buffer_create()};

    Slot& sized(FaceId id, float size_px) {
        Slot& slot = slots.at(index_of(id));
        if (slot.size_px != size_px) {
            const auto size = static_cast<FT_F26Dot6>(std::lround(size_px * ft_units));
            FT_Set_Char_Size(slot.face.get(), 0, size, 72, 72);
            slot.size_px = size_px;
            if (slot.shaper) hb_ft_font_changed(slot.shaper.get());
        }
        if (!slot.shaper) {
            slot.shaper.reset(hb_ft_font_create_referenced(slot.face.get()));
            hb_ft_font_set_load_flags(slot.shaper.get(), load_flags);
        }
        return slot;
    }
};

Faces::Faces(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Faces::Faces(Faces&&) noexcept = default;
Faces& Faces::operator=(Faces&&) noexcept = default;
Faces::~Faces() = default;

base::Result<Faces> Faces::open(const std::string& directory) {
    auto parts = std::make_unique<Parts>();
    FT_Library library = nullptr;
    if (const FT_Error error = FT_Init_FreeType(&library); error != 0) {
        return base::fail(base::Errc::display_failed, "freetype",
                          static_cast<std::uint32_t>(error));
    }
    parts->library.reset(library);
    for (std::size_t i = 0; i < file_names.size(); ++i) {
        FT_Face face = nullptr;
        const std::string path = directory + "/" + file_names.at(i);
        if (FT_New_Face(library, path.c_str(), 0, &face) != 0) {
            return base::fail(base::Errc::file_io, "font", static_cast<std::uint32_t>(i));
        }
        parts->slots.at(i).face.reset(face);
    }
    return Faces(std::move(parts));
}

bool Faces::covers(FaceId face, std::uint32_t code) const {
    return FT_Get_Char_Index(parts_->slots.at(index_of(face)).face.get(), code) != 0;
}

std::vector<ShapedGlyph> Faces::shape(const Run& run, float size_px, const std::string& language) {
    const Slot& slot = parts_->sized(run.face, size_px);
    hb_buffer_t* buffer = parts_->buffer.get();
    hb_buffer_clear_contents(buffer);
    hb_buffer_add_utf32(buffer, run.codes.data(), static_cast<int>(run.codes.size()),
                        static_cast<unsigned>(run.from), static_cast<int>(run.to - run.from));
    hb_buffer_set_direction(buffer, run.right_to_left ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer, run.script);
    hb_buffer_set_language(buffer, hb_language_from_string(language.c_str(), -1));
    hb_buffer_set_cluster_level(buffer, HB_BUFFER_CLUSTER_LEVEL_MONOTONE_CHARACTERS);
    hb_shape(slot.shaper.get(), buffer, nullptr, 0);
    unsigned count = 0;
    const hb_glyph_info_t* infos = hb_buffer_get_glyph_infos(buffer, &count);
    const hb_glyph_position_t* places = hb_buffer_get_glyph_positions(buffer, &count);
    const auto px = [](hb_position_t v) { return static_cast<float>(v) / ft_units; };
    std::vector<ShapedGlyph> glyphs;
    glyphs.reserve(count);
    for (unsigned i = 0; i < count; ++i) {
        glyphs.push_back({infos[i].codepoint, infos[i].cluster, px(places[i].x_offset),
                          -px(places[i].y_offset), px(places[i].x_advance)});
    }
    // The buffer held personal text; the allocation stays for the next run, the text does not.
    std::fill_n(hb_buffer_get_glyph_infos(buffer, &count), count, hb_glyph_info_t{});
    hb_buffer_clear_contents(buffer);
    return glyphs;
}

Mask Faces::draw(FaceId face, std::uint32_t glyph, float size_px, unsigned quarter) {
    Mask mask;
    FT_Face ft = parts_->sized(face, size_px).face.get();
    if (FT_Load_Glyph(ft, glyph, load_flags) != 0) return mask;
    if (ft->glyph->format != FT_GLYPH_FORMAT_OUTLINE) return mask;
    FT_Outline_Translate(&ft->glyph->outline, static_cast<FT_Pos>(quarter) * 16, 0);
    if (FT_Render_Glyph(ft->glyph, FT_RENDER_MODE_NORMAL) != 0) return mask;
    const FT_Bitmap& bitmap = ft->glyph->bitmap;
    mask.width = static_cast<int>(bitmap.width);
    mask.height = static_cast<int>(bitmap.rows);
    mask.left = ft->glyph->bitmap_left;
    mask.top = ft->glyph->bitmap_top;
    mask.alpha.reserve(std::size_t{bitmap.width} * bitmap.rows);
    for (int row = 0; row < mask.height; ++row) {
        const std::uint8_t* line = bitmap.buffer + std::ptrdiff_t{row} * bitmap.pitch;
        mask.alpha.insert(mask.alpha.end(), line, line + bitmap.width);
    }
    return mask;
}

}  // namespace text
