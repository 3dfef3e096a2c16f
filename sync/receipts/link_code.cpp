// SPDX-License-Identifier: EUPL-1.2
#include "sync/receipts/link_code.hpp"

#include <array>

#include "drivers/crypto/digest.hpp"

namespace receipts {
namespace {

constexpr std::string_view alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
static_assert(alphabet.size() == 32);
constexpr std::size_t characters = 20;
constexpr std::size_t group = 4;
constexpr std::size_t typed_bytes_max = 64;

}  // namespace

std::string make_link_code(port::Random& random) {
    std::array<std::uint8_t, characters> bytes{};
    random.fill(bytes);
    std::string code;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i != 0 && i % group == 0) code += '-';
        code += alphabet[bytes[i] % alphabet.size()];
    }
    return code;
}

std::optional<model::Digest> link_code_hash(std::string_view typed) {
    if (typed.size() > typed_bytes_max) return std::nullopt;
    std::string code;
    for (char c : typed) {
        if (c == ' ' || c == '-') continue;
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (alphabet.find(c) == std::string_view::npos) return std::nullopt;
        code += c;
    }
    if (code.size() != characters) return std::nullopt;
    return crypto::sha256(base::as_bytes(code));
}

}  // namespace receipts
