// SPDX-License-Identifier: EUPL-1.2
// Implementation of png.hpp with stb. Tests only.
#include "tests/screens/png.hpp"

#include <stb/stb_image.h>
#include <stb/stb_image_write.h>

#include <memory>

#include "drivers/base/handle.hpp"

namespace png {

using widgets::Frame;

bool write(const std::string& path, const Frame& frame) {
    std::vector<std::uint8_t> rgb;
    rgb.reserve(frame.pixels.size() * 3);
    for (const std::uint32_t p : frame.pixels) {
        for (const unsigned shift : {16U, 8U, 0U}) rgb.push_back(static_cast<std::uint8_t>((p >> shift) & 255U));
    }
    stbi_write_png_compression_level = 9;
    return stbi_write_png(path.c_str(), frame.width, frame.height, 3, rgb.data(), frame.width * 3) != 0;
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
        frame.pixels[i] = 0xFF000000U | std::uint32_t{p[0]} << 16U | std::uint32_t{p[1]} << 8U | p[2];
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

std::size_t difference(const Frame& a, const Frame& b) {
    if (a.width != b.width || a.height != b.height) return std::max(a.pixels.size(), b.pixels.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i) {
        if (((a.pixels[i] ^ b.pixels[i]) & 0xFFFFFFU) != 0) ++count;
    }
    return count;
}

Frame report(const Frame& old, const Frame& now) {
    const int width = std::max(old.width, now.width);
    const int height = std::max(old.height, now.height);
    Frame out(3 * width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const std::uint32_t a = y < old.height && x < old.width ? old.row(y)[x] : 0;
            const std::uint32_t b = y < now.height && x < now.width ? now.row(y)[x] : 0;
            out.row(y)[x] = a;
            out.row(y)[x + width] = b;
            const bool same = ((a ^ b) & 0xFFFFFFU) == 0;
            out.row(y)[x + 2 * width] = same ? 0xFFF0F0F0U : 0xFFC00000U;
        }
    }
    return out;
}

}  // namespace png
