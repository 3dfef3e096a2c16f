// SPDX-License-Identifier: EUPL-1.2
#include "sync/receipts/tile_path.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "sync/receipts/merkle.hpp"

namespace receipts {
namespace {

constexpr std::string_view partial_mark = ".p";
/// 64 bits have 20 digits: seven groups of three.
constexpr std::size_t groups_max = 7;

std::optional<std::uint64_t> number_of(std::string_view digits) {
    const bool all_digits =
        std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (!all_digits || error != std::errc{} || end != digits.data() + digits.size())
        return std::nullopt;
    return number;
}

/// Decimal without leading zeros.
std::optional<std::uint64_t> plain_number_of(std::string_view digits) {
    if (digits.size() > 1 && digits[0] == '0') return std::nullopt;
    return number_of(digits);
}

std::string index_path(std::uint64_t n) {
    std::string digits = std::to_string(n);
    digits.insert(0, (3 - digits.size() % 3) % 3, '0');
    std::string out;
    for (std::size_t at = 0; at < digits.size(); at += 3) {
        const bool last = at + 3 == digits.size();
        out += (last ? "" : "x") + digits.substr(at, 3) + (last ? "" : "/");
    }
    return out;
}

}  // namespace

std::string to_path(const TileName& name) {
    std::string out = "tile/";
    out += name.level ? std::to_string(*name.level) : "entries";
    out += "/" + index_path(name.n);
    if (name.width < tile_width)
        out += std::string(partial_mark) + "/" + std::to_string(name.width);
    return out;
}

std::optional<TileName> parse_tile_name(std::span<const std::string> parts) {
    if (parts.size() < 2 || parts.size() > 1 + groups_max + 1) return std::nullopt;
    TileName name;
    if (parts[0] != "entries") {
        const auto level = plain_number_of(parts[0]);
        if (!level || *level >= tile_levels) return std::nullopt;
        name.level = static_cast<unsigned>(*level);
    }
    std::string digits;
    std::size_t at = 1;
    for (; at < parts.size() && parts[at].starts_with('x'); ++at) {
        if (parts[at].size() != 4) return std::nullopt;
        digits += parts[at].substr(1);
    }
    if (at == parts.size()) return std::nullopt;
    std::string_view last = parts[at++];
    const bool partial = last.ends_with(partial_mark);
    if (partial) last.remove_suffix(partial_mark.size());
    if (last.size() != 3) return std::nullopt;
    digits += last;
    const auto n = number_of(digits);
    if (!n) return std::nullopt;
    name.n = *n;
    if (partial) {
        if (at == parts.size()) return std::nullopt;
        const auto width = plain_number_of(parts[at++]);
        if (!width || *width == 0 || *width >= tile_width) return std::nullopt;
        name.width = static_cast<unsigned>(*width);
    }
    if (at != parts.size()) return std::nullopt;
    // One name, one form: no empty leading groups.
    if (index_path(name.n).size() != digits.size() + 2 * (digits.size() / 3 - 1))
        return std::nullopt;
    return name;
}

}  // namespace receipts
