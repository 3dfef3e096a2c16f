// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/fitconnect/account.hpp"

#include "drivers/base/limits.hpp"
#include "drivers/base/limits_fitconnect.hpp"
#include "sync/model/json.hpp"
#include "sync/model/json_wipe.hpp"

namespace backend {
namespace {

constexpr std::size_t fit_text_bytes_max = 512;

base::Result<http::Origin> fit_origin(const std::string& url) {
    auto origin = http::parse_origin(url);
    if (!origin) return base::fail(base::Errc::config_bad, "fitconnect.origin");
    return std::move(*origin);
}

}  // namespace

base::Result<FitAccount> parse_fit_account(std::string_view text) {
    auto json = model::parse_json(text, limits::config_bytes_max);
    if (!json) return base::fail(base::Errc::config_bad, "fitconnect.json");
    const model::JsonWipe wiped(*json);
    model::JsonFields fields(*json);
    if (fields.text("schema", 64) != "freigabe-fitconnect-1") {
        return base::fail(base::Errc::config_bad, "fitconnect.schema");
    }
    FitAccount account;
    TRY(api, fit_origin(fields.text("api", fit_text_bytes_max)));
    TRY(token, fit_origin(fields.text("token", fit_text_bytes_max)));
    account.api = std::move(api);
    account.token = std::move(token);
    account.token_path = fields.text("token_path", fit_text_bytes_max);
    account.client_id = fields.text("client_id", fit_text_bytes_max);
    std::string secret = fields.text("client_secret", FitClientSecret::capacity);
    account.client_secret = FitClientSecret(base::as_bytes(secret));
    base::wipe_memory(secret.data(), secret.size());
    model::JsonFields service(fields.object("service"));
    account.service_name = service.text("name", fit_text_bytes_max);
    account.service_identifier = service.text("identifier", fit_text_bytes_max);
    account.data_schema = fields.text("data_schema", fit_text_bytes_max);
    const model::Json& destinations = fields.object("destinations");
    if (destinations.size() > limits::fit_destinations_max) fields.refuse();
    for (const auto& [authority, id] : destinations.items()) {
        const auto uuid =
            id.is_string() ? base::parse_uuid(id.get_ref<const std::string&>()) : std::nullopt;
        if (!uuid) return base::fail(base::Errc::config_bad, "fitconnect.destination");
        account.destinations.emplace(authority, *uuid);
    }
    if (fields.has("look_s")) account.look_ms = fields.number("look_s", 86'400) * 1'000;
    const bool path = account.token_path.starts_with('/');
    if (!fields.ok() || !service.ok() || !path) {
        return base::fail(base::Errc::config_bad, "fitconnect.members");
    }
    return account;
}

}  // namespace backend
