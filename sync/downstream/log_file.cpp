// SPDX-License-Identifier: EUPL-1.2
#include "sync/downstream/log_file.hpp"

#include "drivers/base/limits_downstream.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jwk.hpp"

namespace downstream {
namespace {

constexpr std::string_view log_file_schema = "freigabe-log-1";

}  // namespace

base::Result<LogFile> parse_log_file(std::string_view text) {
    const auto bad = base::fail(base::Errc::manifest_bad, "log file");
    const auto json = model::parse_json(text, limits::log_target_bytes_max);
    if (!json) return bad;
    model::JsonFields fields(*json);
    LogFile out;
    const bool ours = fields.text("schema", 64) == log_file_schema;
    out.name = fields.text("name", log_name_bytes_max);
    for (const model::Json& item : fields.array("keys", limits::role_keys_max)) {
        auto key = seal::parse_public_jwk(item.dump());
        if (!key) return bad;
        out.keys.push_back(std::move(key->point));
    }
    if (!fields.ok() || !ours || out.name.empty() || out.keys.empty()) return bad;
    return out;
}

}  // namespace downstream
