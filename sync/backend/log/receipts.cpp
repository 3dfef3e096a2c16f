// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/log/receipts.hpp"

#include "drivers/base/check.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jwk.hpp"
#include "sync/seal/jws.hpp"

namespace backend {

ReceiptIssuer::ReceiptIssuer(std::string issuer, Parts parts)
    : issuer_(std::move(issuer)), parts_(parts), key_id_(seal::thumbprint(parts.key.point)) {}

base::Result<std::string> ReceiptIssuer::received(const Place& first, receipts::Lane lane,
                                                  const std::vector<LoggedRecord>& records,
                                                  std::uint64_t log_size) const {
    CHECK(!records.empty());
    receipts::Received event;
    event.epoch = first.epoch;
    event.from = records.front().seq;
    event.to = records.back().seq;
    event.lane = lane;
    event.log_size = log_size;
    for (const LoggedRecord& record : records) {
        const auto header = model::parse_header(record.header);
        CHECK(header.has_value());  // it was checked before it was stored
        event.records.push_back({record.seq, record.leaf, header->jwe_sha256, record.log_index});
    }
    return sign(first.terminal, std::move(event));
}

base::Result<std::string> ReceiptIssuer::applied(const base::Uuid& terminal,
                                                 receipts::Applied event) const {
    return sign(terminal, std::move(event));
}

base::Result<ReceiptIssuer::Token> ReceiptIssuer::event_for(std::string_view audience,
                                                            std::string_view event_type,
                                                            std::string_view event) const {
    const std::uint64_t now_ms = parts_.clock.wall_ms();
    Token token{new_id(now_ms), {}};
    const std::string payload =
        model::JsonWriter()
            .text("iss", issuer_)
            .number("iat", now_ms / 1'000)
            .text("jti", token.id)
            .text("aud", audience)
            .raw("events", model::JsonWriter().raw(event_type, event).done())
            .done();
    const seal::JwsHeader header{
        .typ = std::string(seal::typ_receipt), .kid = key_id_, .role = "", .jwk = {}};
    seal::PairSigner signer(parts_.key, parts_.random);
    TRY(text, seal::sign_compact(header, base::as_bytes(payload), signer));
    token.text = std::move(text);
    return token;
}

std::string ReceiptIssuer::new_id(std::uint64_t now_ms) const {
    std::array<std::uint8_t, 10> random{};
    parts_.random.fill(random);
    return base::to_text(base::make_uuid7(now_ms, random));
}

base::Result<std::string> ReceiptIssuer::sign(
    const base::Uuid& audience, std::variant<receipts::Received, receipts::Applied> event) const {
    const std::uint64_t now_ms = parts_.clock.wall_ms();
    const receipts::Receipt receipt{issuer_, now_ms / 1'000, new_id(now_ms), audience,
                                    std::move(event)};
    seal::PairSigner signer(parts_.key, parts_.random);
    return receipts::sign(receipt, key_id_, signer);
}

}  // namespace backend
