// SPDX-License-Identifier: EUPL-1.2
#include "sync/courier/approval.hpp"

#include <algorithm>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_courier.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jwk.hpp"

namespace courier {
namespace {

using base::Errc;

constexpr std::string_view schema_request = "freigabe-courier-request-1";
constexpr std::size_t word_bytes_max = 64;
constexpr std::size_t signatures_max = 4;

base::Result<ExportRequest> parse_payload(std::string_view payload) {
    TRY(json, model::parse_json(payload, limits::courier_request_bytes_max));
    model::JsonFields fields(json);
    ExportRequest request;
    if (fields.text("schema", word_bytes_max) != schema_request) fields.refuse();
    request.terminal = fields.uuid("terminal");
    request.id = fields.uuid("id");
    request.expires_ms = fields.number("expires_ms", INT64_MAX);
    if (!fields.ok()) return base::fail(Errc::message_bad, "courier request");
    return request;
}

/// The JSON text of the members of a general JWS.
struct Parts {
    std::string payload;
    std::vector<std::string> signatures;
};

base::Result<Parts> take_parts(std::string_view request) {
    TRY(json, model::parse_json(request, limits::courier_request_bytes_max));
    model::JsonFields fields(json);
    Parts parts;
    parts.payload = fields.text("payload", limits::courier_request_bytes_max);
    for (const model::Json& item : fields.array("signatures", signatures_max))
        parts.signatures.push_back(item.dump());
    if (!fields.ok()) return base::fail(Errc::message_bad, "courier request");
    return parts;
}

}  // namespace

base::Result<std::vector<Approver>> parse_approvers(std::string_view text) {
    const auto bad = base::fail(Errc::config_bad, "courier approvers");
    const auto json = model::parse_json(text, limits::config_bytes_max);
    if (!json || !json->is_object()) return bad;
    model::JsonFields fields(*json);
    std::vector<Approver> approvers;
    for (const model::Json& item : fields.array("approvers", limits::courier_approvers_max)) {
        model::JsonFields members(item);
        Approver approver;
        approver.person = members.text("person", limits::courier_person_bytes_max);
        approver.key.role = members.text("role", word_bytes_max);
        const auto key = seal::parse_public_jwk(members.object("key").dump());
        const bool known = approver.key.role == role_technician || approver.key.role == role_staff;
        if (!members.ok() || !key || !known) return bad;
        approver.key.point = key->point;
        approver.key.kid = seal::thumbprint(key->point);
        const bool twice = std::ranges::any_of(
            approvers, [&](const Approver& each) { return each.key.kid == approver.key.kid; });
        if (twice) return bad;
        approvers.push_back(std::move(approver));
    }
    if (!fields.ok()) return bad;
    return approvers;
}

base::Result<std::string> sign_request(const ExportRequest& request,
                                       const seal::GeneralSigner& signer) {
    const std::string payload = model::JsonWriter()
                                    .text("schema", schema_request)
                                    .text("terminal", base::to_text(request.terminal))
                                    .text("id", base::to_text(request.id))
                                    .number("expires_ms", request.expires_ms)
                                    .done();
    return seal::sign_general(base::as_bytes(payload), {&signer, 1});
}

base::Result<std::string> add_approval(std::string_view request,
                                       const seal::GeneralSigner& signer) {
    TRY(parts, take_parts(request));
    const auto payload = base::from_base64url(parts.payload);
    if (!payload || parts.signatures.size() >= signatures_max)
        return base::fail(Errc::message_bad, "courier request");
    TRY(fresh_text, seal::sign_general(*payload, {&signer, 1}));
    TRY(fresh, take_parts(fresh_text));
    parts.signatures.push_back(fresh.signatures.front());
    return model::JsonWriter()
        .text("payload", parts.payload)
        .raw("signatures", model::json_array(parts.signatures))
        .done();
}

base::Result<ExportRequest> read_request(std::string_view request) {
    TRY(parts, take_parts(request));
    const auto payload = base::from_base64url(parts.payload);
    if (!payload) return base::fail(Errc::message_bad, "courier request");
    return parse_payload(base::as_text(*payload));
}

base::Result<ExportRequest> verify_request(std::string_view text,
                                           const std::vector<Approver>& approvers,
                                           const base::Uuid& terminal, std::uint64_t now_ms) {
    if (text.size() > limits::courier_request_bytes_max)
        return base::fail(Errc::message_bad, "courier request");
    std::vector<seal::NamedKey> keys;
    keys.reserve(approvers.size());
    for (const Approver& each : approvers) keys.push_back(each.key);
    TRY(verified, seal::verify_general(text, keys));
    TRY(request, parse_payload(base::as_text(verified.payload)));
    // Any pair will do, so every technician is tried with every other person.
    const auto staff_besides = [&](const std::string& person) {
        return std::ranges::any_of(verified.keys, [&](std::size_t index) {
            return approvers[index].key.role == role_staff && approvers[index].person != person;
        });
    };
    const bool two = std::ranges::any_of(verified.keys, [&](std::size_t index) {
        const Approver& each = approvers[index];
        return each.key.role == role_technician && staff_besides(each.person);
    });
    if (!two) return base::fail(Errc::manifest_untrusted, "courier request lacks an approval");
    if (request.terminal != terminal)
        return base::fail(Errc::peer_not_allowed, "courier request of another terminal");
    if (request.expires_ms <= now_ms ||
        request.expires_ms - now_ms > limits::courier_request_ms_max)
        return base::fail(Errc::manifest_expired, "courier request time");
    return request;
}

}  // namespace courier
