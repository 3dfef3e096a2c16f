// SPDX-License-Identifier: EUPL-1.2
// The signed catalogue as a file, see catalogue_file.hpp.
#include "sync/downstream/catalogue_file.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "sync/downstream/trust.hpp"
#include "sync/model/json.hpp"

namespace downstream {

namespace {

using base::Errc;

std::optional<std::uint32_t> take_number(std::string_view& rest) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (error != std::errc{}) return std::nullopt;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return value;
}

std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    std::string_view year_text = text.substr(0, 4);
    std::string_view month_text = text.substr(5, 2);
    std::string_view day_text = text.substr(8, 2);
    const auto year = take_number(year_text);
    const auto month = take_number(month_text);
    const auto day = take_number(day_text);
    if (!year || !month || !day) return std::nullopt;
    if (!year_text.empty() || !month_text.empty() || !day_text.empty()) return std::nullopt;
    // Before 1970 there was no catalogue, and milliseconds since then must stay positive.
    if (*year < 1970) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)},
                                           std::chrono::month{*month}, std::chrono::day{*day}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date};
}

std::uint64_t to_ms(std::chrono::sys_days day) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(day.time_since_epoch()).count());
}

/// Reads version and dates; the rest of the file is none of our business here.
base::Result<VerifiedCatalogue> read_frame(base::Bytes json) {
    VerifiedCatalogue out;
    const auto parsed = model::parse_json(base::as_text(json), limits::catalogue_bytes_max);
    if (!parsed) return base::fail(Errc::catalogue_bad, "catalogue json");
    model::JsonFields fields(*parsed);
    const auto version = parse_version(fields.text("version", 32));
    const auto from = parse_day(fields.text("valid_from", 10));
    const auto until = parse_day(fields.text("valid_until", 10));
    if (!fields.ok_with_others() || !version || !from || !until) {
        return base::fail(Errc::catalogue_bad, "catalogue frame");
    }
    out.version = *version;
    out.valid_from_ms = to_ms(*from);
    out.valid_until_ms = to_ms(*until + std::chrono::days(1));
    out.hash = crypto::sha256(json);
    out.json = std::move(json);
    return out;
}

/// Both roles, by keys that differ as keys and not only by name.
bool both_roles(const seal::GeneralVerified& verified, std::span<const seal::NamedKey> keys) {
    for (const std::size_t publisher : verified.keys) {
        if (keys[publisher].role != role_publisher) continue;
        for (const std::size_t approver : verified.keys) {
            if (keys[approver].role != role_approver) continue;
            if (!base::equal(keys[publisher].point.bytes, keys[approver].point.bytes)) return true;
        }
    }
    return false;
}

bool is_rollback(const VerifiedCatalogue& catalogue, const std::optional<CatalogueSeen>& seen) {
    if (!seen) return false;
    if (catalogue.version < seen->version) return true;
    return catalogue.version == seen->version && catalogue.hash != seen->hash;
}

struct SignedParts {
    std::string payload;                  ///< base64url
    std::vector<std::string> signatures;  ///< JSON text of each
};

base::Result<SignedParts> take_apart(std::string_view signed_json) {
    TRY(json, model::parse_json(signed_json, limits::jws_bytes_max));
    model::JsonFields fields(json);
    SignedParts parts{fields.text("payload", limits::jws_bytes_max), {}};
    for (const auto& item : fields.array("signatures", 16)) parts.signatures.push_back(item.dump());
    if (!fields.ok()) return base::fail(Errc::message_bad, "catalogue members");
    return parts;
}

/// The role that one signature claims; empty if it claims none.
std::string claimed_role(const std::string& signature) {
    const auto json = model::parse_json(signature, limits::jws_bytes_max);
    if (!json) return {};
    model::JsonFields fields(*json);
    const auto header = base::from_base64url(fields.text("protected", 4'096));
    if (!header) return {};
    const auto members = model::parse_json(base::as_text(*header), 4'096);
    if (!members) return {};
    model::JsonFields inner(*members);
    return inner.text("role", 64);
}

}  // namespace

std::optional<CatalogueVersion> parse_version(std::string_view text) {
    CatalogueVersion out;
    for (std::uint32_t* part : {&out.major, &out.minor, &out.patch}) {
        const auto value = take_number(text);
        if (!value) return std::nullopt;
        *part = *value;
        if (part == &out.patch) break;
        if (text.empty() || text.front() != '.') return std::nullopt;
        text.remove_prefix(1);
    }
    if (!text.empty()) return std::nullopt;
    return out;
}

std::string to_text(const CatalogueVersion& version) {
    return std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
           std::to_string(version.patch);
}

base::Result<VerifiedCatalogue> verify_catalogue(std::string_view signed_json,
                                                 std::span<const seal::NamedKey> keys,
                                                 const std::optional<CatalogueSeen>& seen,
                                                 std::uint64_t floor_ms) {
    auto verified = seal::verify_general(signed_json, keys);
    if (!verified) {
        const bool form = verified.error().code == Errc::message_bad;
        return base::fail(form ? Errc::message_bad : Errc::catalogue_signature_bad,
                          "catalogue signature");
    }
    if (!both_roles(*verified, keys)) {
        return base::fail(Errc::catalogue_signature_bad, "catalogue roles");
    }
    TRY(catalogue, read_frame(std::move(verified->payload)));
    if (is_rollback(catalogue, seen)) return base::fail(Errc::catalogue_rollback, "catalogue");
    if (floor_ms < catalogue.valid_from_ms) {
        return base::fail(Errc::catalogue_not_yet_valid, "catalogue");
    }
    if (floor_ms >= catalogue.valid_until_ms) {
        return base::fail(Errc::catalogue_expired, "catalogue");
    }
    return std::move(catalogue);
}

base::Result<std::string> add_catalogue_signature(base::ByteView input,
                                                  const seal::GeneralSigner& signer) {
    const std::span<const seal::GeneralSigner> one(&signer, 1);
    if (!is_signed_catalogue(input)) {
        if (input.size() > limits::catalogue_bytes_max) {
            return base::fail(Errc::message_too_large, "catalogue size");
        }
        return seal::sign_general(input, one);
    }
    TRY(old, take_apart(base::as_text(input)));
    const bool again =
        std::any_of(old.signatures.begin(), old.signatures.end(),
                    [&](const auto& each) { return claimed_role(each) == signer.header.role; });
    if (again) return base::fail(Errc::catalogue_bad, "catalogue role signed");
    TRY(payload, catalogue_payload(base::as_text(input)));
    TRY(fresh_text, seal::sign_general(payload, one));
    TRY(fresh, take_apart(fresh_text));
    old.signatures.push_back(fresh.signatures.front());
    return model::JsonWriter()
        .text("payload", old.payload)
        .raw("signatures", model::json_array(old.signatures))
        .done();
}

base::Result<base::Bytes> catalogue_payload(std::string_view signed_json) {
    TRY(parts, take_apart(signed_json));
    auto payload = base::from_base64url(parts.payload);
    if (!payload) return base::fail(Errc::message_bad, "catalogue payload");
    return std::move(*payload);
}

bool is_signed_catalogue(base::ByteView input) {
    const auto json = model::parse_json(base::as_text(input), limits::jws_bytes_max);
    return json && json->is_object() && json->contains("payload");
}

}  // namespace downstream
