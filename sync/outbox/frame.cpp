// SPDX-License-Identifier: EUPL-1.2
#include "sync/outbox/frame.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "drivers/base/check.hpp"
#include "drivers/base/handle.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/limits_courier.hpp"
#include "drivers/base/limits_insight.hpp"
#include "drivers/base/limits_journal.hpp"
#include "sync/outbox/downstream_frame.hpp"

namespace outbox {
namespace {

using base::Errc;

constexpr std::size_t hash_bytes = 32;
constexpr std::size_t inclusion_head_bytes = 8 + 8 + hash_bytes;
constexpr std::size_t chain_head_at = 4 + 8 + 2;

struct Bounds {
    Towards side;
    std::size_t payload_min;
    std::size_t payload_max;
};

std::optional<Bounds> bounds_of(std::uint8_t type) {
    switch (static_cast<Type>(type)) {
        case Type::pull_batch:
        case Type::pull_advance:
        case Type::cursor:
        case Type::ask_log:
        case Type::ask_unproven:
        case Type::ask_downstream:
            return Bounds{Towards::kiosk, 0, 0};
        case Type::offer:
            return Bounds{Towards::kiosk, 2, offer_bytes_max};
        case Type::piece:
            return Bounds{Towards::kiosk, piece_head_bytes + 1, piece_payload_bytes_max};
        case Type::downstream:
            return Bounds{Towards::syncd, state_head_bytes, state_bytes_max};
        case Type::chains:
            return Bounds{Towards::kiosk, 0, limits::chains_bytes_max};
        case Type::inclusion:
            return Bounds{Towards::kiosk, inclusion_head_bytes,
                          inclusion_head_bytes + hash_bytes * limits::log_proof_hashes_max};
        case Type::checkpoint:
            return Bounds{
                Towards::kiosk, 3,
                2 + limits::checkpoint_bytes_max + hash_bytes * limits::log_proof_hashes_max};
        case Type::pull_after:
            return Bounds{Towards::kiosk, 13, 13};
        case Type::sign_manifest:
            return Bounds{Towards::kiosk, 1, limits::courier_manifest_bytes_max};
        case Type::manifest:
            return Bounds{Towards::syncd, 1, limits::courier_manifest_jws_bytes_max};
        case Type::receipt:
            return Bounds{Towards::kiosk, 1, limits::set_bytes_max};
        case Type::link:
            return Bounds{Towards::kiosk, 9, 9};
        case Type::event:
            return Bounds{Towards::kiosk, 9, 8 + limits::set_bytes_max};
        case Type::batch:
        case Type::advance:
            return Bounds{Towards::syncd, 0, limits::batch_bytes_max};
        case Type::result:
            return Bounds{Towards::syncd, 2, 2};
        case Type::cursor_answer:
        case Type::log:
            return Bounds{Towards::syncd, 8, 8};
        case Type::unproven:
            return Bounds{Towards::syncd, 8, 8 + 8 * limits::inclusion_indexes_max};
        case Type::news:
            return Bounds{Towards::syncd, 0, 0};
        case Type::certificates:
            return Bounds{Towards::kiosk, 3, limits::sign_certificates_bytes_max};
        case Type::signature:
            return Bounds{Towards::kiosk, 1, limits::signature_bytes_max};
        case Type::sign_refused:
            return Bounds{Towards::kiosk, 2, 2};
        case Type::ask_certificates:
            return Bounds{Towards::syncd, 0, 0};
        case Type::sign:
            return Bounds{Towards::syncd, 3, 1 + 16 + limits::sign_message_bytes_max};
        case Type::insight:
            return Bounds{Towards::kiosk, 1, limits::insight_answer_bytes_max};
        case Type::insight_refused:
            return Bounds{Towards::kiosk, 2, 2};
        case Type::ask_insight:
            return Bounds{Towards::syncd, 1, limits::insight_body_bytes_max};
    }
    return std::nullopt;
}

auto bad() {
    return base::fail(Errc::message_bad, "outbox frame");
}

base::Bytes number_frame(Type type, std::uint64_t number) {
    base::Bytes payload;
    base::append_u64(payload, number);
    return frame_of(type, payload);
}

base::Bytes write_chains(const StoreChains& request) {
    base::Bytes payload;
    for (const ChainStand& chain : request.chains) {
        base::append_u32(payload, chain.epoch);
        base::append_u64(payload, chain.next_seq);
        base::append_u16(payload, static_cast<std::uint16_t>(chain.head.size()));
        base::append(payload, base::as_bytes(chain.head));
    }
    return frame_of(Type::chains, payload);
}

base::Result<Request> read_chains(std::string_view text) {
    StoreChains request;
    while (!text.empty()) {
        const base::ByteView payload = base::as_bytes(text);
        if (payload.size() < chain_head_at || request.chains.size() == limits::epochs_max)
            return bad();
        const std::size_t size = base::read_u16(payload.subspan(12));
        if (size > limits::chain_head_bytes_max || payload.size() < chain_head_at + size)
            return bad();
        ChainStand chain{base::read_u32(payload), base::read_u64(payload.subspan(4)),
                         std::string(text.substr(chain_head_at, size))};
        const std::uint32_t last = request.chains.empty() ? 0 : request.chains.back().epoch;
        if (chain.epoch <= last || chain.next_seq == 0) return bad();
        if (!chain.head.empty() && !is_set_text(chain.head)) return bad();
        request.chains.push_back(std::move(chain));
        text.remove_prefix(chain_head_at + size);
    }
    return request;
}

base::Bytes write_inclusion(const StoreInclusion& request) {
    base::Bytes payload;
    base::append_u64(payload, request.index);
    base::append_u64(payload, request.size);
    base::append(payload, request.leaf);
    base::append(payload, request.proof);
    return frame_of(Type::inclusion, payload);
}

base::Result<Request> read_inclusion(base::ByteView payload) {
    if (payload.size() < inclusion_head_bytes) return bad();
    const auto leaf = payload.subspan(16, hash_bytes);
    const auto proof = payload.subspan(inclusion_head_bytes);
    if (proof.size() % hash_bytes != 0) return bad();
    return StoreInclusion{base::read_u64(payload), base::read_u64(payload.subspan(8)),
                          base::Bytes(leaf.begin(), leaf.end()),
                          base::Bytes(proof.begin(), proof.end())};
}

base::Result<Answer> read_unproven(base::ByteView payload) {
    if (payload.size() < 8 || payload.size() % 8 != 0) return bad();
    Unproven answer{base::read_u64(payload), {}};
    for (std::size_t at = 8; at < payload.size(); at += 8)
        answer.indexes.push_back(base::read_u64(payload.subspan(at)));
    return answer;
}

}  // namespace

base::Bytes frame_of(Type type, base::ByteView payload) {
    base::Bytes out;
    out.reserve(5 + payload.size());
    base::append_u32(out, static_cast<std::uint32_t>(1 + payload.size()));
    out.push_back(static_cast<std::uint8_t>(type));
    base::append(out, payload);
    return out;
}

bool is_set_text(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    });
}

base::Bytes write_request(const Request& request) {
    return std::visit(
        base::Overloaded{
            [](const PullBatch&) { return frame_of(Type::pull_batch, {}); },
            [](const PullAdvance&) { return frame_of(Type::pull_advance, {}); },
            [](const StoreReceipt& r) { return frame_of(Type::receipt, base::as_bytes(r.set)); },
            [](const LinkStatus& r) {
                base::Bytes payload{static_cast<std::uint8_t>(r.up ? 1 : 0)};
                base::append_u64(payload, r.since_ms);
                return frame_of(Type::link, payload);
            },
            [](const AskCursor&) { return frame_of(Type::cursor, {}); },
            [](const StoreEvent& r) {
                base::Bytes payload;
                base::append_u64(payload, r.n);
                base::append(payload, base::as_bytes(r.set));
                return frame_of(Type::event, payload);
            },
            [](const AskLog&) { return frame_of(Type::ask_log, {}); },
            [](const StoreCheckpoint& r) {
                base::Bytes payload;
                base::append_u16(payload, static_cast<std::uint16_t>(r.note.size()));
                base::append(payload, base::as_bytes(r.note));
                base::append(payload, r.proof);
                return frame_of(Type::checkpoint, payload);
            },
            [](const StoreChains& r) { return write_chains(r); },
            [](const AskUnproven&) { return frame_of(Type::ask_unproven, {}); },
            [](const StoreInclusion& r) { return write_inclusion(r); },
            [](const PullAfter& r) {
                base::Bytes payload{static_cast<std::uint8_t>(r.lane)};
                base::append_u32(payload, r.epoch);
                base::append_u64(payload, r.seq);
                return frame_of(Type::pull_after, payload);
            },
            [](const SignManifest& r) {
                return frame_of(Type::sign_manifest, base::as_bytes(r.payload));
            },
            [](const AskDownstream&) { return frame_of(Type::ask_downstream, {}); },
            [](const OfferFile& r) { return write_offer(r); },
            [](const StorePiece& r) { return write_piece(r); }},
        request);
}

base::Bytes write_answer(const Answer& answer) {
    return std::visit(
        base::Overloaded{
            [](const BatchBody& a) { return frame_of(Type::batch, base::as_bytes(a.body)); },
            [](const AdvanceBody& a) { return frame_of(Type::advance, base::as_bytes(a.body)); },
            [](const Done& a) {
                base::Bytes payload;
                base::append_u16(payload, a.errc);
                return frame_of(Type::result, payload);
            },
            [](const Cursor& a) { return number_frame(Type::cursor_answer, a.n); },
            [](const News&) { return frame_of(Type::news, {}); },
            [](const LogSize& a) { return number_frame(Type::log, a.size); },
            [](const Unproven& a) {
                base::Bytes payload;
                base::append_u64(payload, a.size);
                for (const std::uint64_t index : a.indexes) base::append_u64(payload, index);
                return frame_of(Type::unproven, payload);
            },
            [](const SignedManifest& a) { return frame_of(Type::manifest, base::as_bytes(a.jws)); },
            [](const DownstreamState& a) { return write_state(a); }},
        answer);
}

base::Result<Request> read_request(const Frame& frame) {
    const base::ByteView payload = base::as_bytes(frame.payload);
    switch (frame.type) {
        case Type::pull_batch:
            return PullBatch{};
        case Type::pull_advance:
            return PullAdvance{};
        case Type::cursor:
            return AskCursor{};
        case Type::receipt:
            if (!is_set_text(frame.payload)) return bad();
            return StoreReceipt{frame.payload};
        case Type::link:
            if (payload.size() != 9 || payload[0] > 1) return bad();
            return LinkStatus{payload[0] == 1, base::read_u64(payload.subspan(1))};
        case Type::ask_log:
            return AskLog{};
        case Type::ask_unproven:
            return AskUnproven{};
        case Type::ask_downstream:
        case Type::offer:
        case Type::piece:
            return read_downstream(frame);
        case Type::chains:
            return read_chains(frame.payload);
        case Type::inclusion:
            return read_inclusion(payload);
        case Type::checkpoint: {
            if (payload.size() < 2) return bad();
            const std::size_t size = base::read_u16(payload);
            if (size == 0 || size > limits::checkpoint_bytes_max || payload.size() < 2 + size)
                return bad();
            const auto proof = payload.subspan(2 + size);
            if (proof.size() % hash_bytes != 0 ||
                proof.size() > hash_bytes * limits::log_proof_hashes_max)
                return bad();
            return StoreCheckpoint{frame.payload.substr(2, size),
                                   base::Bytes(proof.begin(), proof.end())};
        }
        case Type::pull_after:
            if (payload.size() != 13 || payload[0] > 1) return bad();
            return PullAfter{static_cast<Lane>(payload[0]), base::read_u32(payload.subspan(1)),
                             base::read_u64(payload.subspan(5))};
        case Type::sign_manifest:
            return SignManifest{frame.payload};
        case Type::event: {
            if (payload.size() < 9) return bad();
            StoreEvent event{base::read_u64(payload), frame.payload.substr(8)};
            if (!is_set_text(event.set)) return bad();
            return event;
        }
        default:  // of the other direction or of another socket
            return bad();
    }
    return bad();
}

base::Result<Answer> read_answer(const Frame& frame) {
    const base::ByteView payload = base::as_bytes(frame.payload);
    switch (frame.type) {
        case Type::batch:
            return BatchBody{frame.payload};
        case Type::advance:
            return AdvanceBody{frame.payload};
        case Type::result:
            if (payload.size() != 2) return bad();
            return Done{base::read_u16(payload)};
        case Type::cursor_answer:
            if (payload.size() != 8) return bad();
            return Cursor{base::read_u64(payload)};
        case Type::news:
            return News{};
        case Type::log:
            if (payload.size() != 8) return bad();
            return LogSize{base::read_u64(payload)};
        case Type::unproven:
            return read_unproven(payload);
        case Type::manifest:
            if (!is_set_text(frame.payload)) return bad();
            return SignedManifest{frame.payload};
        case Type::downstream:
            return read_state(payload);
        default:  // of the other direction or of another socket
            return bad();
    }
    return bad();
}

base::Result<std::size_t> FrameReader::feed(base::ByteView bytes) {
    if (done()) return std::size_t{0};
    std::size_t used = 0;
    if (head_.size() < head_bytes) {
        used = std::min(head_bytes - head_.size(), bytes.size());
        base::append(head_, bytes.first(used));
        if (head_.size() < head_bytes) return used;
        TRY_VOID(read_head());
    }
    const std::size_t take = std::min(left_, bytes.size() - used);
    payload_.append(base::as_text(bytes.subspan(used, take)));
    left_ -= take;
    return used + take;
}

base::Result<void> FrameReader::read_head() {
    const std::size_t length = base::read_u32(head_);
    const auto bounds = bounds_of(head_[4]);
    if (length == 0 || !bounds || bounds->side != side_) return bad();
    if (length - 1 > bounds->payload_max)
        return base::fail(Errc::message_too_large, "outbox frame");
    if (length - 1 < bounds->payload_min) return bad();
    left_ = length - 1;
    return {};
}

Frame FrameReader::take() {
    CHECK(done());
    const auto type = static_cast<Type>(head_[4]);
    head_.clear();
    return {type, std::exchange(payload_, {})};
}

}  // namespace outbox
