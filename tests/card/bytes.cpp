// SPDX-License-Identifier: EUPL-1.2
// Byte strings and small files: see bytes.hpp.
#include "tests/card/bytes.hpp"

#include <openssl/crypto.h>

#include <cstdio>
#include <fstream>
#include <iterator>

namespace card {
namespace {

constexpr std::size_t file_bytes_max = 1U << 20U;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

Bytes to_bytes(View view) {
    return {view.begin(), view.end()};
}
Bytes to_bytes(std::string_view text) {
    return {text.begin(), text.end()};
}
std::string to_text(View view) {
    return {view.begin(), view.end()};
}

Bytes join(std::initializer_list<View> parts) {
    Bytes all;
    for (const View part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

std::string to_hex(View view) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string text;
    text.reserve(view.size() * 2);
    for (const std::uint8_t byte : view) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
    Bytes bytes;
    int high = -1;
    for (const char c : text) {
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
        const int digit = hex_digit(c);
        if (digit < 0) return std::nullopt;
        if (high < 0) {
            high = digit;
        } else {
            bytes.push_back(static_cast<std::uint8_t>(high * 16 + digit));
            high = -1;
        }
    }
    if (high >= 0) return std::nullopt;
    return bytes;
}

bool same(View left, View right) {
    return left.size() == right.size() &&
           CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::optional<Bytes> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    Bytes content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (file.bad() || content.size() > file_bytes_max) return std::nullopt;
    return content;
}

bool write_file(const std::string& path, View content) {
    const std::string temporary = path + ".new";
    {
        std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
        const std::string text = to_text(content);
        file.write(text.data(), static_cast<std::streamsize>(text.size()));
        if (!file.flush()) return false;
    }
    return std::rename(temporary.c_str(), path.c_str()) == 0;
}

}  // namespace card
