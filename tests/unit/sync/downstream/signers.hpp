// SPDX-License-Identifier: EUPL-1.2
// Three people with a root key and three with a manifest key, and what they sign.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "drivers/base/limits_downstream.hpp"
#include "drivers/crypto/random.hpp"
#include "sync/downstream/manifest.hpp"
#include "sync/downstream/root.hpp"
#include "sync/seal/jwk.hpp"

namespace downstream_test {

// 2026-11-26 and what lies before and behind it, milliseconds.
inline constexpr std::uint64_t now_ms = 1'795'651'200'000;
inline constexpr std::uint64_t day_ms = 86'400'000;

using Keys = std::vector<crypto::KeyPair>;

struct Signers {
    crypto::SystemRandom random;
    Keys root_keys = make_keys(3);
    Keys manifest_keys = make_keys(3);

    Keys make_keys(std::size_t count) {
        Keys out;
        for (std::size_t i = 0; i < count; ++i) {
            out.push_back(crypto::generate_key(crypto::Curve::p256, random));
        }
        return out;
    }
    static downstream::Role role_of(const Keys& keys, std::string_view word,
                                    std::size_t threshold = 2) {
        downstream::Role role;
        role.threshold = threshold;
        for (const auto& key : keys) {
            role.keys.push_back({seal::thumbprint(key.point), std::string(word), key.point});
        }
        return role;
    }
    downstream::Root root(std::uint64_t version = 1) {
        return {version, now_ms + 365 * day_ms, role_of(root_keys, downstream::role_root),
                role_of(manifest_keys, downstream::role_manifest)};
    }
    /// Signs with the keys of these numbers; `file` may be bare or signed.
    std::string sign(std::string file, std::string_view role, const Keys& keys,
                     std::initializer_list<std::size_t> who) {
        for (const std::size_t index : who) {
            seal::PairSigner signer(keys[index], random);
            seal::JwsHeader header;
            header.kid = seal::thumbprint(keys[index].point);
            header.role = std::string(role);
            auto signed_file = downstream::add_signature(base::as_bytes(file),
                                                         {std::move(header), &signer}, 2U << 20U);
            if (!signed_file) return {};
            file = std::move(*signed_file);
        }
        return file;
    }
    std::string root_file(const downstream::Root& root) {
        return sign(downstream::write_root(root), downstream::role_root, root_keys, {0, 1});
    }
    std::string manifest_file(const downstream::Manifest& manifest) {
        return sign(downstream::write_manifest(manifest), downstream::role_manifest, manifest_keys,
                    {0, 2});
    }
};

inline downstream::Target target(downstream::Kind kind, std::string name,
                                 std::string_view content) {
    return {kind, std::move(name), content.size(), crypto::sha256(base::as_bytes(content)), 0, {},
            {}};
}

inline downstream::Manifest manifest(std::uint64_t version,
                                     std::vector<downstream::Target> targets = {}) {
    return {version, now_ms - day_ms, now_ms + 30 * day_ms, std::move(targets)};
}

}  // namespace downstream_test
