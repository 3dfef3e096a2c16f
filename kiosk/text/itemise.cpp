// SPDX-License-Identifier: EUPL-1.2
// Implementation of itemise.hpp with FriBidi, libunibreak and HarfBuzz's Unicode tables. UI thread
// only.
#include "kiosk/text/itemise.hpp"

#include <fribidi.h>
#include <linebreak.h>

#include <array>
#include <optional>

#include "drivers/base/check.hpp"

namespace text {
namespace {

void set_levels(std::span<const std::uint32_t> codes, Direction direction,
                std::vector<Item>& items) {
    const auto count = static_cast<FriBidiStrIndex>(codes.size());
    std::vector<FriBidiCharType> types(codes.size());
    std::vector<FriBidiBracketType> brackets(codes.size());
    std::vector<FriBidiLevel> levels(codes.size());
    fribidi_get_bidi_types(codes.data(), count, types.data());
    fribidi_get_bracket_types(codes.data(), count, types.data(), brackets.data());
    FriBidiParType base = direction == Direction::right_to_left ? FRIBIDI_PAR_RTL : FRIBIDI_PAR_LTR;
    // Zero means out of memory or nesting beyond the norm's 125 levels: then everything stays at
    // the base level.
    if (fribidi_get_par_embedding_levels_ex(types.data(), brackets.data(), count, &base,
                                            levels.data()) == 0) {
        levels.assign(codes.size(), direction == Direction::right_to_left ? 1 : 0);
    }
    for (std::size_t i = 0; i < codes.size(); ++i) {
        items[i].level = static_cast<std::uint8_t>(levels[i]);
    }
}

void set_breaks(std::span<const std::uint32_t> codes, const std::string& language,
                std::vector<Item>& items) {
    std::vector<char> breaks(codes.size());
    set_linebreaks_utf32(codes.data(), codes.size(), language.c_str(), breaks.data());
    for (std::size_t i = 0; i < codes.size(); ++i) {
        items[i].break_after = breaks[i] == LINEBREAK_ALLOWBREAK;
    }
}

/// Common and inherited characters take the script before them, at the start the first real one
/// (UAX #24 5.1).
void set_scripts(std::span<const std::uint32_t> codes, std::vector<Item>& items) {
    hb_unicode_funcs_t* unicode = hb_unicode_funcs_get_default();
    std::optional<hb_script_t> last;
    std::size_t leading = 0;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const hb_script_t script = hb_unicode_script(unicode, codes[i]);
        if (script != HB_SCRIPT_COMMON && script != HB_SCRIPT_INHERITED) {
            if (!last) leading = i;
            last = script;
        }
        if (last) items[i].script = *last;
    }
    for (std::size_t i = 0; i < leading; ++i) items[i].script = items[leading].script;
}

Script first_choice(hb_script_t script) {
    if (script == HB_SCRIPT_ARABIC) return Script::arabic;
    if (script == HB_SCRIPT_ETHIOPIC) return Script::ethiopic;
    return Script::latin;
}

std::optional<Script> covering(const Faces& faces, Script wish, Weight weight, std::uint32_t code) {
    if (faces.covers({wish, weight}, code)) return wish;
    for (const Script script : {Script::latin, Script::arabic, Script::ethiopic}) {
        if (faces.covers({script, weight}, code)) return script;
    }
    return std::nullopt;
}

/// A mark stays with its base letter's face; so do invisible characters and blanks, which need no
/// glyph of their own.
void set_faces(const Faces& faces, std::span<const std::uint32_t> codes,
               std::span<const Weight> weights, std::vector<Item>& items) {
    hb_unicode_funcs_t* unicode = hb_unicode_funcs_get_default();
    Script last = codes.empty() ? Script::latin : first_choice(items[0].script);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const hb_unicode_general_category_t category =
            hb_unicode_general_category(unicode, codes[i]);
        const bool mark = category == HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK;
        const bool invisible = category == HB_UNICODE_GENERAL_CATEGORY_FORMAT || codes[i] == ' ';
        items[i].face = {last, weights[i]};
        if (invisible || (mark && faces.covers(items[i].face, codes[i]))) continue;
        // Digits and signs that all scripts share come from the Latin face, also inside Arabic: one
        // look for all numbers.
        const bool shared = hb_unicode_script(unicode, codes[i]) == HB_SCRIPT_COMMON;
        const Script wish = shared ? Script::latin : first_choice(items[i].script);
        const std::optional<Script> found = covering(faces, wish, weights[i], codes[i]);
        items[i].missing = !found;
        last = found.value_or(last);
        items[i].face.script = last;
    }
}

}  // namespace

std::vector<Item> itemise(const Faces& faces, std::span<const std::uint32_t> codes,
                          std::span<const Weight> weights, Direction direction,
                          const std::string& language) {
    CHECK(codes.size() == weights.size());
    std::vector<Item> items(codes.size());
    if (codes.empty()) return items;
    set_levels(codes, direction, items);
    set_breaks(codes, language, items);
    set_scripts(codes, items);
    set_faces(faces, codes, weights, items);
    return items;
}

}  // namespace text
