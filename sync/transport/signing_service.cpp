// SPDX-License-Identifier: EUPL-1.2
#include "sync/transport/signing_service.hpp"

#include <utility>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "sync/model/json.hpp"

namespace transport {
namespace {

using base::Errc;

constexpr std::string_view certificates_path = "/v1/terminal-authentication/certificates";
constexpr std::string_view signatures_path = "/v1/terminal-authentication/signatures";

auto bad() {
    return base::fail(Errc::message_bad, "signer's answer");
}

/// Members that a later service may add are no reason to refuse its answer.
base::Result<model::Json> read_object(const http::Response& response) {
    TRY(json, model::parse_json(response.body, limits::sign_body_bytes_max));
    if (!json.is_object()) return bad();
    return std::move(json);
}

}  // namespace

base::Result<http::Response> SigningService::send(const http::Request& request) {
    TRY(response, client_.send(request));
    if (response.status == 200) return std::move(response);
    if (response.status == 403 || response.status == 404)
        return base::fail(Errc::signer_failed, "signer refuses", response.status);
    if (response.status == 429 || response.status == 503)
        return base::fail(Errc::busy, "signer", response.status);
    return base::fail(Errc::http_status, "signer", response.status);
}

base::Result<std::vector<base::Bytes>> SigningService::certificates() {
    http::Request request;
    request.path = certificates_path;
    TRY(response, send(request));
    TRY(json, read_object(response));
    model::JsonFields fields(json);
    std::vector<base::Bytes> out;
    for (const model::Json& item : fields.array("certificates", limits::certificate_pool_max)) {
        const auto* text = item.get_ptr<const std::string*>();
        auto der = text == nullptr ? std::nullopt : base::from_base64url(*text);
        if (!der || der->empty() || der->size() > limits::certificate_bytes_max) return bad();
        out.push_back(std::move(*der));
    }
    if (!fields.ok_with_others() || out.empty()) return bad();
    return out;
}

base::Result<base::Bytes> SigningService::sign(std::string_view holder, base::ByteView message) {
    http::Request request;
    request.method = http::Method::post;
    request.path = signatures_path;
    request.headers = {{"content-type", "application/json"}};
    request.body = model::JsonWriter().text("holder", holder).bytes("message", message).done();
    TRY(response, send(request));
    TRY(json, read_object(response));
    model::JsonFields fields(json);
    base::Bytes signature = fields.bytes("signature", 1, limits::signature_bytes_max);
    if (!fields.ok_with_others()) return bad();
    return signature;
}

}  // namespace transport
