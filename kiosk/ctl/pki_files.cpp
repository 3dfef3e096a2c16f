// SPDX-License-Identifier: EUPL-1.2
// What the pki subcommands share, see pki_files.hpp.
#include "kiosk/ctl/pki_files.hpp"

#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "drivers/crypto/key_file.hpp"
#include "drivers/keys/private_file.hpp"
#include "drivers/pki/pem.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"

namespace ctl {

namespace {

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<eid::Rights> parse_right(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, eid::Rights>, 5> words{{
        {"rid", eid::right_restricted_id},
        {"age", eid::right_age_verification},
        {"community", eid::right_community_verification},
        {"pin", eid::right_pin_management},
        {"can", eid::right_can_allowed},
    }};
    for (const auto& [name, right] : words) {
        if (word == name) return right;
    }
    if (word.substr(0, 2) != "dg") return std::nullopt;
    const auto group = number<unsigned>(word.substr(2));
    if (!group || *group < 1 || *group > 21) return std::nullopt;
    return eid::right_read(*group);
}

}  // namespace

std::optional<crypto::Curve> curve_of(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, crypto::Curve>, 6> names{{
        {"P-256", crypto::Curve::p256},
        {"P-384", crypto::Curve::p384},
        {"P-521", crypto::Curve::p521},
        {"brainpoolP256r1", crypto::Curve::brainpool_p256r1},
        {"brainpoolP384r1", crypto::Curve::brainpool_p384r1},
        {"brainpoolP512r1", crypto::Curve::brainpool_p512r1},
    }};
    for (const auto& [known, curve] : names) {
        if (name == known) return curve;
    }
    return std::nullopt;
}

std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = number<int>(text.substr(0, 4));
    const auto month = number<unsigned>(text.substr(5, 2));
    const auto day = number<unsigned>(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{*month},
                                           std::chrono::day{*day}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date};
}

std::chrono::sys_days today() {
    return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
}

std::optional<eid::Rights> parse_rights(std::string_view words) {
    eid::Rights rights;
    for (const std::string_view word : split(words, ',')) {
        const auto right = parse_right(word);
        if (!right) return std::nullopt;
        rights = rights | *right;
    }
    return rights;
}

base::Result<crypto::KeyPair> read_key(const std::filesystem::path& path) {
    TRY(content, read_file(path.string()));
    auto key = crypto::parse_private_key(content);
    base::wipe(content);
    return key;
}

base::Result<void> write_key(const std::filesystem::path& path, const crypto::KeyPair& key) {
    base::Bytes encoded = crypto::write_private_key(key);
    auto written = keys::create_file(path, encoded, keys::Access::owner_only);
    base::wipe(encoded);
    return written;
}

base::Result<void> write_certificate(const std::filesystem::path& stem, base::ByteView der) {
    TRY_VOID(write_public(stem.string() + ".der", der));
    const std::string pem = pki::to_pem("CERTIFICATE", der);
    return write_public(stem.string() + ".crt", base::as_bytes(pem));
}

base::Result<void> write_public(const std::filesystem::path& path, base::ByteView content) {
    return keys::write_file(path, content, keys::Access::everyone);
}

}  // namespace ctl
