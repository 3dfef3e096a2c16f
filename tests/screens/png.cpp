// SPDX-License-Identifier: EUPL-1.2
// Implementation of png.hpp with libpng and stb. Tests only.
#include "tests/screens/png.hpp"

#include <png.h>
#include <stb/stb_image.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>

#include "drivers/base/handle.hpp"

namespace png {

using widgets::Frame;

namespace {

constexpr std::size_t palette_max = 256;

std::uint32_t distance(std::uint32_t a, std::uint32_t b) {
    std::uint32_t sum = 0;
    for (const unsigned shift : {16U, 8U, 0U}) {
        const auto d =
            static_cast<int>((a >> shift) & 255U) - static_cast<int>((b >> shift) & 255U);
        sum += static_cast<std::uint32_t>(d * d);
    }
    return sum;
}

/// The most frequent colours, and for every colour the nearest of them.
struct Palette {
    std::vector<std::uint32_t> colours;
    std::map<std::uint32_t, std::uint8_t> index;
};

Palette palette_of(const Frame& frame) {
    std::map<std::uint32_t, std::size_t> counts;
    for (const std::uint32_t p : frame.pixels) ++counts[p & 0xFFFFFFU];
    std::vector<std::pair<std::size_t, std::uint32_t>> sorted;
    for (const auto& [colour, count] : counts) sorted.emplace_back(count, colour);
    std::sort(sorted.rbegin(), sorted.rend());
    Palette out;
    for (std::size_t i = 0; i < std::min(palette_max, sorted.size()); ++i)
        out.colours.push_back(sorted[i].second);
    for (const auto& [colour, count] : counts) {
        const auto nearest = std::min_element(out.colours.begin(), out.colours.end(),
                                              [colour = colour](std::uint32_t a, std::uint32_t b) {
                                                  return distance(a, colour) < distance(b, colour);
                                              });
        out.index[colour] = static_cast<std::uint8_t>(nearest - out.colours.begin());
    }
    return out;
}

}  // namespace

bool write(const std::string& path, const Frame& frame) {
    const Palette palette = palette_of(frame);
    std::vector<std::uint8_t> bytes;
    bytes.reserve(frame.pixels.size());
    for (const std::uint32_t p : frame.pixels) bytes.push_back(palette.index.at(p & 0xFFFFFFU));
    std::vector<png_color> colours;
    for (const std::uint32_t c : palette.colours) {
        colours.push_back({static_cast<png_byte>((c >> 16U) & 255U),
                           static_cast<png_byte>((c >> 8U) & 255U),
                           static_cast<png_byte>(c & 255U)});
    }
    const std::unique_ptr<FILE, base::Deleter<std::fclose>> file(std::fopen(path.c_str(), "wb"));
    if (!file) return false;
    png_structp out = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = out == nullptr ? nullptr : png_create_info_struct(out);
    if (info == nullptr || setjmp(png_jmpbuf(out)) != 0) {
        png_destroy_write_struct(&out, &info);
        return false;
    }
    png_init_io(out, file.get());
    png_set_compression_level(out, 9);
    png_set_filter(out, 0, PNG_FILTER_NONE);
    png_set_IHDR(out, info, static_cast<png_uint_32>(frame.width),
                 static_cast<png_uint_32>(frame.height), 8, PNG_COLOR_TYPE_PALETTE,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_PLTE(out, info, colours.data(), static_cast<int>(colours.size()));
    png_write_info(out, info);
    for (int y = 0; y < frame.height; ++y) {
        png_write_row(out, bytes.data() +
                               static_cast<std::size_t>(y) * static_cast<std::size_t>(frame.width));
    }
    png_write_end(out, nullptr);
    png_destroy_write_struct(&out, &info);
    return true;
}

std::optional<Frame> read(const std::string& path) {
    int width = 0;
    int height = 0;
    int channels = 0;
    const std::unique_ptr<std::uint8_t, base::Deleter<stbi_image_free>> data(
        stbi_load(path.c_str(), &width, &height, &channels, 3));
    if (!data) return std::nullopt;
    Frame frame(width, height);
    for (std::size_t i = 0; i < frame.pixels.size(); ++i) {
        const std::uint8_t* p = data.get() + 3 * i;
        frame.pixels[i] =
            0xFF000000U | std::uint32_t{p[0]} << 16U | std::uint32_t{p[1]} << 8U | p[2];
    }
    return frame;
}

std::string hash(const Frame& frame) {
    std::uint64_t h = 1469598103934665603ULL;
    for (const std::uint32_t p : frame.pixels) {
        h ^= p & 0xFFFFFFU;
        h *= 1099511628211ULL;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4) out += digits[(h >> shift) & 15U];
    return out;
}

Frame report(const Frame& old, const Frame& now) {
    // Old pictures were rounded to their palette: what is closer than this is no change.
    constexpr std::uint32_t visible = 3 * 24 * 24;
    const int width = std::max(old.width, now.width);
    const int height = std::max(old.height, now.height);
    Frame out(3 * width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const std::uint32_t a = y < old.height && x < old.width ? old.row(y)[x] : 0;
            const std::uint32_t b = y < now.height && x < now.width ? now.row(y)[x] : 0;
            out.row(y)[x] = a;
            out.row(y)[x + width] = b;
            const bool same = distance(a & 0xFFFFFFU, b & 0xFFFFFFU) <= visible;
            out.row(y)[x + 2 * width] = same ? 0xFFF0F0F0U : 0xFFC00000U;
        }
    }
    return out;
}

}  // namespace png
