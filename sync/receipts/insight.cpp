// SPDX-License-Identifier: EUPL-1.2
#include "sync/receipts/insight.hpp"

#include <algorithm>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/limits_exchange.hpp"
#include "drivers/base/secret.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/model/json.hpp"
#include "sync/model/times.hpp"
#include "sync/receipts/insight_json.hpp"
#include "sync/seal/jwe.hpp"

namespace receipts {
namespace {

using base::Errc;
using model::JsonFields;
using model::JsonWriter;

constexpr std::string_view typ_request = "freigabe-insight+jwt";
constexpr std::string_view typ_answer = "freigabe-insight-answer+jwt";

template <std::size_t N>
std::array<std::uint8_t, N> fixed_bytes(JsonFields& fields, const char* key) {
    const base::Bytes bytes = fields.bytes(key, N, N);
    std::array<std::uint8_t, N> out{};
    if (bytes.size() == N) std::ranges::copy(bytes, out.begin());
    return out;
}

template <class Word>
Word read_enum(JsonFields& fields, const char* key, std::initializer_list<Word> values) {
    const std::string text = fields.text(key, 32);
    for (const Word value : values) {
        if (model::word(value) == text) return value;
    }
    fields.refuse();
    return *values.begin();
}

std::string request_json(const InsightRequest& request) {
    JsonWriter json;
    json.text("terminal", base::to_text(request.terminal))
        .raw("subject", JsonWriter()
                            .text("kind", model::word(request.subject.kind))
                            .bytes("value", request.subject.value)
                            .done())
        .raw("session", seal::write_public_jwk({"", request.session}))
        .bytes("nonce", request.nonce)
        .raw("assurance", JsonWriter()
                              .text("method", model::word(request.method))
                              .text("level", model::word(request.level))
                              .done())
        .number("observed", request.observed)
        .number("from", request.from);
    if (request.link) json.bytes("link", *request.link);
    if (request.invitation) {
        json.raw("invitation", JsonWriter()
                                   .text("code", request.invitation->code)
                                   .text("birth_date", request.invitation->birth_date)
                                   .done());
    }
    return json.done();
}

base::Result<InsightRequest> parse_request(base::ByteView payload) {
    TRY(json, model::parse_json(base::as_text(payload), limits::insight_request_bytes_max));
    if (!json.is_object()) return base::fail(Errc::message_bad, "insight.request");
    JsonFields fields(json);
    InsightRequest request;
    request.terminal = fields.uuid("terminal");
    JsonFields subject(fields.object("subject"));
    using model::Level;
    using model::Method;
    using model::SubjectKind;
    request.subject.kind =
        read_enum(subject, "kind", {SubjectKind::pseudonym, SubjectKind::random});
    request.subject.value = subject.bytes("value", 16, 64);
    const auto session = seal::parse_public_jwk(fields.object("session").dump());
    if (session) request.session = session->point;
    request.nonce = fixed_bytes<16>(fields, "nonce");
    JsonFields assurance(fields.object("assurance"));
    request.method = read_enum(assurance, "method",
                               {Method::eid_pin, Method::eid_can_onsite, Method::staff_attested,
                                Method::receipt_code, Method::provisional});
    request.level = read_enum(assurance, "level",
                              {Level::hoch, Level::substantiell, Level::normal, Level::none});
    request.observed = fields.number("observed", INT64_MAX);
    request.from = fields.number("from", limits::insight_rows_max);
    if (fields.has("link")) request.link = fields.digest("link");
    if (fields.has("invitation")) {
        JsonFields invitation(fields.object("invitation"));
        request.invitation = {invitation.text("code", limits::insight_request_bytes_max),
                              invitation.text("birth_date", 10)};
        if (!invitation.ok()) fields.refuse();
    }
    if (!fields.ok() || !subject.ok() || !assurance.ok() || !session) {
        return base::fail(Errc::message_bad, "insight.members");
    }
    return request;
}

/// The length that a text is filled up to.
std::size_t size_class(std::size_t bytes) {
    const std::size_t step = limits::insight_page_bytes_max / limits::insight_size_classes;
    return (bytes + step - 1) / step * step;
}

JsonWriter page_head(const InsightPage& page, std::optional<std::uint64_t> next) {
    JsonWriter json;
    json.text("terminal", base::to_text(page.terminal))
        .bytes("nonce", page.nonce)
        .number("from", page.from)
        .number("log_size", page.log_size)
        .text("issued_at", model::to_rfc3339(page.issued_ms));
    if (next) json.number("next", *next);
    return json;
}

base::Result<InsightPage> parse_page(base::ByteView payload) {
    const auto json = model::parse_json(base::as_text(payload), limits::insight_page_bytes_max);
    if (!json || !json->is_object()) return base::fail(Errc::receipt_bad, "insight.page");
    JsonFields fields(*json);
    InsightPage page;
    page.terminal = fields.uuid("terminal");
    page.nonce = fixed_bytes<16>(fields, "nonce");
    page.from = fields.number("from", limits::insight_rows_max);
    page.log_size = fields.number("log_size", INT64_MAX);
    const auto issued = model::parse_rfc3339(fields.text("issued_at", 24));
    page.issued_ms = issued.value_or(0);
    if (fields.has("next")) page.next = fields.number("next", limits::insight_rows_max);
    for (const model::Json& each : fields.array("rows", limits::insight_rows_max)) {
        auto row = parse_insight_row(each);
        if (!row) return base::fail(Errc::receipt_bad, "insight.row");
        page.rows.push_back(std::move(*row));
    }
    fields.ignore("pad");
    // A page that says "go on" without going on would keep a terminal asking for ever.
    const bool forward = !page.next || *page.next == page.from + page.rows.size();
    const bool moves = !page.next || !page.rows.empty();
    if (!fields.ok() || !issued || !forward || !moves) {
        return base::fail(Errc::receipt_bad, "insight.members");
    }
    return page;
}

}  // namespace

base::Result<std::string> seal_insight_request(const InsightRequest& request, seal::Signer& journal,
                                               const seal::PublicJwk& views_key,
                                               port::Random& random) {
    const seal::JwsHeader header{.typ = std::string(typ_request),
                                 .kid = base::to_text(request.terminal),
                                 .role = "",
                                 .jwk = {}};
    TRY(jws, seal::sign_compact(header, base::as_bytes(request_json(request)), journal));
    return seal::seal_jwe(base::as_bytes(jws), views_key, random);
}

base::Result<InsightRequest> read_insight_request(std::string_view text, const base::Uuid& terminal,
                                                  std::span<const crypto::Point> keys) {
    TRY(jws, seal::parse_compact(text));
    if (jws.header.typ != typ_request) return base::fail(Errc::message_bad, "insight.typ");
    const bool signed_by_it =
        std::ranges::any_of(keys, [&](const crypto::Point& key) { return seal::verify(jws, key); });
    if (!signed_by_it) return base::fail(Errc::signature_bad, "insight.signature");
    TRY(request, parse_request(jws.payload));
    if (request.terminal != terminal) return base::fail(Errc::message_bad, "insight.terminal");
    return request;
}

base::Result<std::string> seal_insight_answer(const InsightPage& head,
                                              std::span<const std::string> rows,
                                              const crypto::Point& session,
                                              std::string_view receipt_kid,
                                              seal::Signer& receipt_signer, port::Random& random) {
    constexpr std::size_t frame_bytes = sizeof(R"(,"rows":[],"pad":""})");
    const std::size_t head_bytes =
        page_head(head, limits::insight_rows_max).done().size() + frame_bytes;
    std::vector<std::string> taken;
    std::size_t bytes = head_bytes;
    std::uint64_t at = head.from;
    for (; at < rows.size(); ++at) {
        const std::size_t more = rows[at].size() + 1;
        // A row that fills a page alone cannot be made here; see the bounds of a release.
        if (bytes + more > limits::insight_page_bytes_max) break;
        bytes += more;
        taken.push_back(rows[at]);
    }
    std::optional<std::uint64_t> next;
    if (at < rows.size()) next = at;
    JsonWriter json = page_head(head, next);
    json.raw("rows", model::json_array(taken));
    const std::size_t bare = JsonWriter(json).text("pad", "").done().size();
    const std::string pad(size_class(bare) - bare, '0');
    const std::string payload = json.text("pad", pad).done();
    CHECK(payload.size() <= limits::insight_page_bytes_max);
    const seal::JwsHeader header{
        .typ = std::string(typ_answer), .kid = std::string(receipt_kid), .role = "", .jwk = {}};
    TRY(jws, seal::sign_compact(header, base::as_bytes(payload), receipt_signer));
    return seal::seal_jwe(base::as_bytes(jws), {"", session}, random);
}

base::Result<InsightPage> open_insight_answer(std::string_view jwe, const InsightExpected& expected,
                                              port::Random& random) {
    TRY(plain, seal::open_jwe(jwe, expected.session, random));
    const auto payload =
        seal::verify_compact(base::as_text(plain), typ_answer, expected.receipt_key);
    base::wipe(plain);
    if (!payload) return base::fail(Errc::receipt_bad, payload.error().where);
    TRY(page, parse_page(*payload));
    const bool ours = page.terminal == expected.terminal && page.nonce == expected.nonce &&
                      page.from == expected.from;
    if (!ours) return base::fail(Errc::receipt_bad, "insight.binding");
    return page;
}

}  // namespace receipts
