// SPDX-License-Identifier: EUPL-1.2
#include "sync/downstream/threshold.hpp"

#include <algorithm>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_downstream.hpp"
#include "sync/seal/jwk.hpp"

namespace downstream {
namespace {

using base::Errc;

constexpr std::size_t signatures_max = 8;  // as seal::verify_general
constexpr std::size_t header_bytes_max = 4'096;

struct Parts {
    std::string payload;                  ///< base64url
    std::vector<std::string> signatures;  ///< JSON text of each
};

base::Result<Parts> split_signed(std::string_view file, std::size_t bytes_max) {
    const auto bad = base::fail(Errc::manifest_bad, "downstream file form");
    const auto json = model::parse_json(file, bytes_max);
    if (!json) return bad;
    model::JsonFields fields(*json);
    Parts parts{fields.text("payload", bytes_max), {}};
    for (const auto& item : fields.array("signatures", signatures_max)) {
        parts.signatures.push_back(item.dump());
    }
    if (!fields.ok()) return bad;
    return parts;
}

bool is_signed_file(base::ByteView input, std::size_t bytes_max) {
    const auto json = model::parse_json(base::as_text(input), bytes_max);
    return json && json->is_object() && json->contains("payload");
}

/// The key that one signature claims; empty if it claims none.
std::string claimed_key(const std::string& signature) {
    const auto json = model::parse_json(signature, header_bytes_max);
    if (!json) return {};
    model::JsonFields fields(*json);
    const auto header = base::from_base64url(fields.text("protected", header_bytes_max));
    if (!header) return {};
    const auto members = model::parse_json(base::as_text(*header), header_bytes_max);
    if (!members) return {};
    model::JsonFields inner(*members);
    return inner.text("kid", 256);
}

}  // namespace

std::optional<Role> parse_role(const model::Json& json, std::string_view word) {
    model::JsonFields fields(json);
    Role role;
    role.threshold = static_cast<std::size_t>(fields.number("threshold", limits::role_keys_max));
    for (const model::Json& item : fields.array("keys", limits::role_keys_max)) {
        const auto key = seal::parse_public_jwk(item.dump());
        if (!key) return std::nullopt;
        // The name follows from the key: two names for one key cannot be written.
        std::string kid = seal::thumbprint(key->point);
        const bool twice = std::ranges::any_of(
            role.keys, [&](const seal::NamedKey& each) { return each.kid == kid; });
        if (twice) return std::nullopt;
        role.keys.push_back({std::move(kid), std::string(word), key->point});
    }
    const bool fits =
        role.threshold >= limits::role_threshold_min && role.threshold <= role.keys.size();
    if (!fields.ok() || !fits) return std::nullopt;
    return role;
}

std::string write_role(const Role& role) {
    std::vector<std::string> keys;
    for (const seal::NamedKey& key : role.keys) {
        keys.push_back(seal::write_public_jwk({"", key.point}));
    }
    return model::JsonWriter()
        .number("threshold", role.threshold)
        .raw("keys", model::json_array(keys))
        .done();
}

bool same_keys(const Role& left, const Role& right) {
    const auto has = [](const Role& role, const seal::NamedKey& key) {
        return std::ranges::any_of(role.keys,
                                   [&](const auto& each) { return each.kid == key.kid; });
    };
    return left.threshold == right.threshold && left.keys.size() == right.keys.size() &&
           std::ranges::all_of(left.keys, [&](const auto& key) { return has(right, key); });
}

base::Result<base::Bytes> verify_threshold(std::string_view file, const Role& role,
                                           std::size_t bytes_max) {
    if (file.size() > bytes_max) return base::fail(Errc::manifest_bad, "downstream file size");
    auto verified = seal::verify_general(file, role.keys);
    if (!verified) {
        const bool form = verified.error().code == Errc::message_bad;
        return base::fail(form ? Errc::manifest_bad : Errc::manifest_untrusted,
                          "downstream signature");
    }
    // Each key once, however often it signed: verify_general counts keys and not signatures.
    if (verified->keys.size() < role.threshold) {
        return base::fail(Errc::manifest_untrusted, "downstream threshold",
                          static_cast<std::uint32_t>(verified->keys.size()));
    }
    return std::move(verified->payload);
}

std::size_t count_signatures(std::string_view file, const Role& role) {
    const auto verified = seal::verify_general(file, role.keys);
    return verified ? verified->keys.size() : 0;
}

base::Result<std::string> add_signature(base::ByteView input, const seal::GeneralSigner& signer,
                                        std::size_t bytes_max) {
    const std::span<const seal::GeneralSigner> one(&signer, 1);
    if (!is_signed_file(input, bytes_max)) return seal::sign_general(input, one);
    TRY(old, split_signed(base::as_text(input), bytes_max));
    const bool again = std::ranges::any_of(old.signatures, [&](const std::string& each) {
        return claimed_key(each) == signer.header.kid;
    });
    if (again) return base::fail(Errc::manifest_bad, "this key has signed already");
    if (old.signatures.size() == signatures_max) {
        return base::fail(Errc::manifest_bad, "downstream signatures full");
    }
    TRY(payload, payload_of(input, bytes_max));
    TRY(fresh_text, seal::sign_general(payload, one));
    TRY(fresh, split_signed(fresh_text, bytes_max * 2));
    old.signatures.push_back(fresh.signatures.front());
    return model::JsonWriter()
        .text("payload", old.payload)
        .raw("signatures", model::json_array(old.signatures))
        .done();
}

base::Result<base::Bytes> payload_of(base::ByteView input, std::size_t bytes_max) {
    if (!is_signed_file(input, bytes_max)) return base::Bytes(input.begin(), input.end());
    TRY(parts, split_signed(base::as_text(input), bytes_max));
    auto payload = base::from_base64url(parts.payload);
    if (!payload) return base::fail(Errc::manifest_bad, "downstream payload");
    return std::move(*payload);
}

}  // namespace downstream
