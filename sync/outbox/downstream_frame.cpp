// SPDX-License-Identifier: EUPL-1.2
#include "sync/outbox/downstream_frame.hpp"

#include <algorithm>

namespace outbox {
namespace {

auto bad_downstream() {
    return base::fail(base::Errc::message_bad, "outbox downstream frame");
}

FileDigest take_digest(base::ByteView bytes) {
    FileDigest out{};
    std::ranges::copy(bytes.first(out.size()), out.begin());
    return out;
}

base::Result<Request> read_offer(std::string_view payload) {
    if (payload.size() < 2 || payload.size() > offer_bytes_max) return bad_downstream();
    const auto what = static_cast<std::uint8_t>(payload.front());
    if (what > static_cast<std::uint8_t>(OfferFile::What::manifest)) return bad_downstream();
    return OfferFile{static_cast<OfferFile::What>(what), std::string(payload.substr(1))};
}

base::Result<Request> read_piece(std::string_view payload) {
    if (payload.size() <= piece_head_bytes || payload.size() > piece_payload_bytes_max) {
        return bad_downstream();
    }
    const base::ByteView bytes = base::as_bytes(payload);
    return StorePiece{take_digest(bytes), base::read_u64(bytes.subspan(32)),
                      std::string(payload.substr(piece_head_bytes))};
}

}  // namespace

base::Bytes write_offer(const OfferFile& offer) {
    base::Bytes payload{static_cast<std::uint8_t>(offer.what)};
    base::append(payload, base::as_bytes(offer.file));
    return frame_of(Type::offer, payload);
}

base::Bytes write_piece(const StorePiece& piece) {
    base::Bytes payload(piece.digest.begin(), piece.digest.end());
    base::append_u64(payload, piece.offset);
    base::append(payload, base::as_bytes(piece.bytes));
    return frame_of(Type::piece, payload);
}

base::Bytes write_state(const DownstreamState& state) {
    base::Bytes payload;
    base::append_u64(payload, state.root);
    base::append_u64(payload, state.manifest);
    for (const auto& each : state.missing) {
        base::append(payload, each.digest);
        base::append_u64(payload, each.length);
        base::append_u64(payload, each.have);
    }
    return frame_of(Type::downstream, payload);
}

base::Result<Request> read_downstream(const Frame& frame) {
    if (frame.type == Type::offer) return read_offer(frame.payload);
    if (frame.type == Type::piece) return read_piece(frame.payload);
    return AskDownstream{};
}

base::Result<Answer> read_state(base::ByteView payload) {
    if (payload.size() < state_head_bytes || payload.size() > state_bytes_max ||
        (payload.size() - state_head_bytes) % missing_bytes != 0) {
        return bad_downstream();
    }
    DownstreamState out{base::read_u64(payload), base::read_u64(payload.subspan(8)), {}};
    for (payload = payload.subspan(state_head_bytes); !payload.empty();
         payload = payload.subspan(missing_bytes)) {
        out.missing.push_back({take_digest(payload), base::read_u64(payload.subspan(32)),
                               base::read_u64(payload.subspan(40))});
    }
    return out;
}

}  // namespace outbox
