// SPDX-License-Identifier: EUPL-1.2
// PEM, see pem.hpp.
#include "drivers/pki/pem.hpp"

#include <algorithm>

#include "drivers/base/encoding.hpp"

namespace pki {

namespace {

/// base64url and base64 differ in two characters and in the padding.
std::string base64(base::ByteView bytes) {
    std::string text = base::to_base64url(bytes);
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    while (text.size() % 4 != 0) text.push_back('=');
    return text;
}

}  // namespace

std::string to_pem(std::string_view label, base::ByteView der) {
    constexpr std::size_t line_chars = 64;
    const std::string body = base64(der);
    std::string out = "-----BEGIN " + std::string(label) + "-----\n";
    for (std::size_t at = 0; at < body.size(); at += line_chars) {
        out += body.substr(at, line_chars) + "\n";
    }
    out += "-----END " + std::string(label) + "-----\n";
    return out;
}

}  // namespace pki
