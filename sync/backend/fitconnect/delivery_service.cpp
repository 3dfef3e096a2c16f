// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/fitconnect/delivery_service.hpp"

#include <algorithm>

#include "drivers/base/limits.hpp"
#include "drivers/base/limits_fitconnect.hpp"
#include "sync/model/json.hpp"

namespace backend {
namespace {

using base::Errc;

constexpr std::size_t fit_answer_bytes_max = limits::http_body_bytes_max;
constexpr std::size_t fit_token_bytes_max = 8'192;
constexpr std::size_t fit_kid_bytes_max = 256;
constexpr std::string_view json_type = "application/json";

void wipe_text(std::string& text) {
    base::wipe_memory(text.data(), text.size());
    text.clear();
}

base::Result<void> require_success(const http::Response& response) {
    if (response.status >= 200 && response.status < 300) return {};
    return base::fail(Errc::http_status, "fitconnect", response.status);
}

}  // namespace

FitService::~FitService() {
    wipe_text(token_);
}

base::Result<void> FitService::ensure_token() {
    if (!token_.empty() && parts_.clock.boot_ms() < token_end_ms_) return {};
    wipe_text(token_);
    const FitAccount& account = parts_.account;
    http::Request request;
    request.method = http::Method::post;
    request.path = account.token_path;
    request.headers = {{"content-type", "application/x-www-form-urlencoded"},
                       {"accept", std::string(json_type)}};
    std::string secret = http::percent_encode(base::as_text(account.client_secret.expose()));
    request.body =
        "grant_type=client_credentials&client_id=" + http::percent_encode(account.client_id) +
        "&client_secret=" + secret;
    wipe_text(secret);
    const auto answer = parts_.token.send(request);
    wipe_text(request.body);
    if (!answer) return tl::unexpected(answer.error());
    TRY_VOID(require_success(*answer));
    TRY(json, model::parse_json(answer->body, fit_answer_bytes_max));
    model::JsonFields fields(json);
    token_ = fields.text("access_token", fit_token_bytes_max);
    const std::uint64_t seconds = fields.number("expires_in", 86'400);
    if (!fields.ok_with_others()) {
        wipe_text(token_);
        return base::fail(Errc::message_bad, "fitconnect token");
    }
    const std::uint64_t life_ms = seconds * 1'000;
    token_end_ms_ =
        parts_.clock.boot_ms() + life_ms - std::min(life_ms, limits::fit_token_spare_ms);
    return {};
}

base::Result<http::Response> FitService::ask(const http::Request& request) {
    for (bool fresh = false;; fresh = true) {
        TRY_VOID(ensure_token());
        http::Request attempt = request;
        attempt.headers.push_back({"authorization", "Bearer " + token_});
        attempt.headers.push_back({"accept", std::string(json_type)});
        auto answer = parts_.api.send(attempt);
        wipe_text(attempt.headers[attempt.headers.size() - 2].value);
        // A token may be taken back before its time; asked once more with a new one. A request that
        // was answered with 401 has had no effect.
        if (!answer || answer->status != 401 || fresh) return answer;
        wipe_text(token_);
    }
}

base::Result<std::string> FitService::get(std::string path, std::string query) {
    http::Request request;
    request.path = std::move(path);
    request.query = std::move(query);
    TRY(answer, ask(request));
    TRY_VOID(require_success(answer));
    return std::move(answer.body);
}

base::Result<seal::RsaJwk> FitService::encryption_key(const base::Uuid& destination) {
    const std::string path = "/v2/destinations/" + base::to_text(destination);
    TRY(text, get(path));
    TRY(json, model::parse_json(text, fit_answer_bytes_max));
    model::JsonFields fields(json);
    const std::string status = fields.text("status", 64);
    const std::string kid = fields.text("encryptionKid", fit_kid_bytes_max);
    if (!fields.ok_with_others()) return base::fail(Errc::message_bad, "fitconnect destination");
    if (status != "active") return base::fail(Errc::peer_not_allowed, "fitconnect destination");
    TRY(key, get(path + "/keys/" + kid));
    TRY(jwk, seal::parse_rsa_jwk(key, seal::RsaUse::wrap_key));
    if (jwk.kid != kid) return base::fail(Errc::key_bad, "fitconnect kid");
    return std::move(jwk);
}

base::Result<seal::RsaJwk> FitService::signature_key(const base::Uuid& destination,
                                                     std::string_view kid) {
    TRY(key, get("/v2/destinations/" + base::to_text(destination) + "/keys/" + std::string(kid)));
    TRY(jwk, seal::parse_rsa_jwk(key, seal::RsaUse::verify));
    if (jwk.kid != kid) return base::fail(Errc::key_bad, "fitconnect kid");
    return std::move(jwk);
}

base::Result<FitService::Announced> FitService::announce(const base::Uuid& destination) {
    http::Request request;
    request.method = http::Method::post;
    request.path = "/v2/submissions";
    request.headers = {{"content-type", std::string(json_type)}};
    request.body =
        model::JsonWriter()
            .text("destinationId", base::to_text(destination))
            .raw("publicService", model::JsonWriter()
                                      .text("name", parts_.account.service_name)
                                      .text("identifier", parts_.account.service_identifier)
                                      .done())
            .raw("announcedAttachments", "[]")
            .done();
    parts_.api.renew();
    TRY(answer, ask(request));
    TRY_VOID(require_success(answer));
    TRY(json, model::parse_json(answer.body, fit_answer_bytes_max));
    model::JsonFields fields(json);
    Announced announced;
    announced.submission = fields.uuid("submissionId");
    announced.case_id = fields.uuid("caseId");
    if (!fields.ok_with_others()) return base::fail(Errc::message_bad, "fitconnect announced");
    return announced;
}

base::Result<void> FitService::submit(const base::Uuid& submission, std::string_view metadata,
                                      std::string_view data) {
    http::Request request;
    request.method = http::Method::put;
    request.path = "/v2/submissions/" + base::to_text(submission);
    request.headers = {{"content-type", std::string(json_type)}};
    request.body =
        model::JsonWriter().text("encryptedMetadata", metadata).text("encryptedData", data).done();
    TRY(answer, ask(request));
    return require_success(answer);
}

base::Result<std::vector<std::string>> FitService::events(const base::Uuid& case_id) {
    TRY(text, get("/v2/cases/" + base::to_text(case_id) + "/events",
                  "offset=0&limit=" + std::to_string(limits::fit_events_max)));
    TRY(json, model::parse_json(text, fit_answer_bytes_max));
    model::JsonFields fields(json);
    std::vector<std::string> sets;
    for (const model::Json& each : fields.array("eventLog", limits::fit_events_max)) {
        if (!each.is_string()) return base::fail(Errc::message_bad, "fitconnect events");
        sets.push_back(each.get<std::string>());
    }
    if (!fields.ok_with_others()) return base::fail(Errc::message_bad, "fitconnect events");
    return sets;
}

}  // namespace backend
