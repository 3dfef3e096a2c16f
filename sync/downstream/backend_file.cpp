// SPDX-License-Identifier: EUPL-1.2
#include "sync/downstream/backend_file.hpp"

#include "drivers/base/limits_downstream.hpp"
#include "sync/model/json.hpp"

namespace downstream {
namespace {

constexpr std::string_view backend_file_schema = "freigabe-backend-1";

base::Result<seal::PublicJwk> backend_key(const model::Json& json) {
    TRY(key, seal::parse_public_jwk(json.dump()));
    if (key.point.curve != crypto::Curve::p256)
        return base::fail(base::Errc::manifest_bad, "backend file");
    if (key.kid.empty()) key.kid = seal::thumbprint(key.point);
    return std::move(key);
}

}  // namespace

base::Result<BackendFile> parse_backend_file(std::string_view text) {
    const auto bad = base::fail(base::Errc::manifest_bad, "backend file");
    const auto json = model::parse_json(text, limits::backend_target_bytes_max);
    if (!json) return bad;
    model::JsonFields fields(*json);
    BackendFile out;
    const bool ours = fields.text("schema", 64) == backend_file_schema;
    auto views = backend_key(fields.object("views"));
    if (!views) return bad;
    out.views = std::move(*views);
    for (const model::Json& item : fields.array("receipts", limits::backend_keys_max)) {
        auto key = backend_key(item);
        if (!key) return bad;
        out.receipts.push_back(std::move(key->point));
    }
    if (!fields.ok() || !ours || out.receipts.empty()) return bad;
    return out;
}

}  // namespace downstream
