// SPDX-License-Identifier: EUPL-1.2
// trust.json, see trust.hpp.
#include "sync/downstream/trust.hpp"

#include <algorithm>

#include "drivers/base/limits_downstream.hpp"
#include "sync/downstream/log_file.hpp"
#include "sync/model/json.hpp"

namespace downstream {

namespace {

using base::Errc;

constexpr std::size_t trust_bytes_max = 65'536;
constexpr std::size_t catalogue_keys_max = 16;

base::Result<seal::PublicJwk> key_of(const model::Json& json) {
    TRY(key, seal::parse_public_jwk(json.dump()));
    // Without a name of its own a key is named by its thumbprint, as RFC 7638 means it.
    if (key.kid.empty()) key.kid = seal::thumbprint(key.point);
    return std::move(key);
}

base::Result<std::vector<seal::PublicJwk>> keys_of(const model::Json& list) {
    std::vector<seal::PublicJwk> out;
    for (const model::Json& item : list) {
        TRY(key, key_of(item));
        out.push_back(std::move(key));
    }
    return out;
}

base::Result<std::vector<crypto::Point>> points_of(const model::Json& list) {
    TRY(keys, keys_of(list));
    std::vector<crypto::Point> out;
    out.reserve(keys.size());
    for (seal::PublicJwk& key : keys) out.push_back(std::move(key.point));
    return out;
}

/// One key, or a list with the present one first.
base::Result<std::vector<seal::PublicJwk>> receipt_keys(const model::Json& json,
                                                        model::JsonFields& backend) {
    const model::Json::json_pointer place("/backend/receipts");
    if (!json.contains(place) || !json.at(place).is_array()) {
        TRY(key, key_of(backend.object("receipts")));
        return std::vector<seal::PublicJwk>{std::move(key)};
    }
    TRY(keys, keys_of(backend.array("receipts", limits::backend_keys_max)));
    if (keys.empty()) return base::fail(Errc::config_bad, "trust receipts");
    return std::move(keys);
}

base::Result<std::vector<seal::NamedKey>> catalogue_keys(const model::Json& list) {
    std::vector<seal::NamedKey> out;
    for (const model::Json& item : list) {
        model::JsonFields fields(item);
        const std::string role = fields.text("role", 64);
        TRY(key, key_of(fields.object("key")));
        if (!fields.ok() || (role != role_publisher && role != role_approver)) {
            return base::fail(Errc::config_bad, "trust catalogue");
        }
        const bool known = std::any_of(out.begin(), out.end(),
                                       [&](const auto& each) { return each.kid == key.kid; });
        if (known) return base::fail(Errc::config_bad, "trust key twice");
        out.push_back({key.kid, role, key.point});
    }
    return out;
}

}  // namespace

base::Result<Trust> parse_trust(std::string_view text) {
    const auto json = model::parse_json(text, trust_bytes_max);
    if (!json) return base::fail(Errc::config_bad, "trust json");
    model::JsonFields fields(*json);
    const std::string schema = fields.text("schema", 64);
    model::JsonFields backend(fields.object("backend"));
    TRY(views, key_of(backend.object("views")));
    TRY(receipts, receipt_keys(*json, backend));
    std::vector<crypto::Point> log;
    if (backend.has("log")) {
        TRY(keys, points_of(backend.array("log", limits::backend_keys_max)));
        log = std::move(keys);
    }
    std::string log_name;
    if (backend.has("log_name")) log_name = backend.text("log_name", log_name_bytes_max);
    TRY(catalogue, catalogue_keys(fields.array("catalogue", catalogue_keys_max)));
    if (schema != "freigabe-trust-1" || !fields.ok() || !backend.ok()) {
        return base::fail(Errc::config_bad, "trust members");
    }
    Trust trust{std::move(views), std::move(receipts.front()), std::move(catalogue), {},
                std::move(log),   std::move(log_name)};
    for (std::size_t i = 1; i < receipts.size(); ++i)
        trust.more_receipts.push_back(std::move(receipts[i].point));
    return trust;
}

}  // namespace downstream
