// SPDX-License-Identifier: EUPL-1.2
// Build tool: packs the rasterised icon sheets into one file of alpha masks. Not part of the
// product. Usage: pack_icons OUT NAMES_FILE SIZE=SHEET.png...   Format: see icons.hpp. Each sheet
// holds the icons of NAMES_FILE in order.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <stb/stb_image.h>

#include "drivers/base/handle.hpp"

namespace {

using Pixels = std::unique_ptr<std::uint8_t, base::Deleter<stbi_image_free>>;

void put_u32(std::string& out, std::uint32_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out.push_back(static_cast<char>((value >> shift) & 0xFFU));
    }
}

/// Pairs of (count 1..255, value) over one mask; a mask is mostly empty.
std::string run_lengths(const std::uint8_t* rgba, std::size_t pixels) {
    std::string out;
    for (std::size_t i = 0; i < pixels;) {
        const std::uint8_t value = rgba[4 * i + 3];
        std::size_t n = 1;
        while (i + n < pixels && n < 255 && rgba[4 * (i + n) + 3] == value) ++n;
        out.push_back(static_cast<char>(n));
        out.push_back(static_cast<char>(value));
        i += n;
    }
    return out;
}

int complain(const std::string& what) {
    std::fprintf(stderr, "pack_icons: %s\n", what.c_str());
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> args(argv + 1, argv + argc);
    if (args.size() < 3) return complain("usage: pack_icons OUT NAMES SIZE=SHEET.png...");
    std::vector<std::string> names;
    std::ifstream list(args[1]);
    for (std::string line; std::getline(list, line);) {
        if (!line.empty()) names.push_back(line);
    }
    std::string head = "FGI1";
    put_u32(head, static_cast<std::uint32_t>(names.size()));
    put_u32(head, static_cast<std::uint32_t>(args.size() - 2));
    std::string table;
    std::string body;
    for (std::size_t i = 2; i < args.size(); ++i) {
        const std::size_t equals = args[i].find('=');
        int size = 0;
        std::from_chars(args[i].data(), args[i].data() + std::min(equals, args[i].size()), size);
        if (equals == std::string::npos || size <= 0)
            return complain("not SIZE=SHEET.png: " + args[i]);
        int width = 0;
        int height = 0;
        int channels = 0;
        const Pixels pixels(
            stbi_load(args[i].substr(equals + 1).c_str(), &width, &height, &channels, 4));
        if (!pixels) return complain("cannot read " + args[i]);
        if (width != size || height != size * static_cast<int>(names.size())) {
            return complain("wrong sheet size: " + args[i]);
        }
        put_u32(head, static_cast<std::uint32_t>(size));
        const std::size_t area = static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
        for (std::size_t n = 0; n < names.size(); ++n) {
            put_u32(table, static_cast<std::uint32_t>(body.size()));
            body += run_lengths(pixels.get() + 4 * area * n, area);
        }
    }
    put_u32(table, static_cast<std::uint32_t>(body.size()));
    for (const std::string& name : names) head += name + '\0';
    while (head.size() % 4 != 0) head.push_back('\0');
    std::ofstream out(args[0], std::ios::binary);
    out << head << table << body;
    return out ? 0 : complain("cannot write " + args[0]);
}
