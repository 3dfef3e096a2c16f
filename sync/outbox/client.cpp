// SPDX-License-Identifier: EUPL-1.2
#include "sync/outbox/client.hpp"

#include <poll.h>

#include <utility>
#include <variant>

#include "drivers/base/limits.hpp"

namespace outbox {
namespace {

using base::Errc;

/// What the kiosk refused with, as an error of ours; a number that we do not know is a bad message.
base::Error error_of(std::uint16_t errc) {
    if (const auto known = base::errc_of(errc)) return {*known, "outbox kiosk", 0};
    return {Errc::message_bad, "outbox kiosk", errc};
}

template <class Wanted>
base::Result<Wanted> expect(base::Result<Answer> answer) {
    if (!answer) return tl::unexpected(answer.error());
    if (auto* wanted = std::get_if<Wanted>(&*answer)) return std::move(*wanted);
    if (const auto* done = std::get_if<Done>(&*answer); done != nullptr && done->errc != 0)
        return tl::unexpected(error_of(done->errc));
    return base::fail(Errc::message_bad, "outbox answer");
}

base::Result<void> expect_done(base::Result<Answer> answer) {
    TRY(done, expect<Done>(std::move(answer)));
    if (done.errc != 0) return tl::unexpected(error_of(done.errc));
    return {};
}

}  // namespace

Client::Client(std::string path, port::Clock& clock, int cancel_fd)
    : path_(std::move(path)), clock_(clock), cancel_fd_(cancel_fd) {}

void Client::disconnect() {
    socket_.reset();
    reader_ = FrameReader(Towards::syncd);
    input_.clear();
}

/// What stands before a question or behind an answer belongs to no question: it can only be news.
base::Result<void> Client::read_unasked() {
    while (!input_.empty()) {
        TRY(used, reader_.feed(input_));
        input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(used));
        if (!reader_.done()) break;
        if (reader_.take().type != Type::news)
            return base::fail(Errc::message_bad, "outbox bytes behind answer");
        news_ = true;
    }
    return {};
}

base::Result<bool> Client::take_news() {
    const auto taken = [&]() -> base::Result<void> {
        if (!socket_.has_value()) return base::fail(Errc::network_unreachable, "outbox news");
        TRY_VOID(receive_some(socket_.get(), input_));
        return read_unasked();
    }();
    if (!taken) {
        disconnect();
        return tl::unexpected(taken.error());
    }
    return std::exchange(news_, false);
}

/// The next frame that is not news.
base::Result<Answer> Client::read_one(std::uint64_t deadline_ms) {
    const Wait wait{clock_, deadline_ms, cancel_fd_};
    while (true) {
        while (!input_.empty() && !reader_.done()) {
            TRY(used, reader_.feed(input_));
            input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(used));
        }
        if (reader_.done()) {
            TRY(answer, read_answer(reader_.take()));
            if (!std::holds_alternative<News>(answer)) return std::move(answer);
            news_ = true;
            continue;
        }
        TRY(received, receive_some(socket_.get(), input_));
        if (!received) TRY_VOID(wait_for(socket_.get(), POLLIN, wait));
    }
}

base::Result<Answer> Client::exchange(base::ByteView request) {
    const std::uint64_t deadline_ms = clock_.boot_ms() + limits::outbox_answer_ms_max;
    const Wait wait{clock_, deadline_ms, cancel_fd_};
    TRY_VOID(send_all(socket_.get(), request, wait));
    TRY(answer, read_one(deadline_ms));
    TRY_VOID(read_unasked());
    return std::move(answer);
}

base::Result<Answer> Client::ask(const Request& request) {
    if (!socket_.has_value()) {
        TRY(socket, connect_to(path_));
        socket_ = std::move(socket);
    }
    auto answer = exchange(write_request(request));
    // After a failure in the middle nobody knows what the next bytes would belong to.
    if (!answer) disconnect();
    return answer;
}

base::Result<std::string> Client::pull_batch() {
    TRY(answer, expect<BatchBody>(ask(PullBatch{})));
    return std::move(answer.body);
}

base::Result<std::string> Client::pull_advance() {
    TRY(answer, expect<AdvanceBody>(ask(PullAdvance{})));
    return std::move(answer.body);
}

base::Result<void> Client::store_receipt(std::string_view set) {
    return expect_done(ask(StoreReceipt{std::string(set)}));
}

base::Result<void> Client::store_event(std::uint64_t n, std::string_view set) {
    return expect_done(ask(StoreEvent{n, std::string(set)}));
}

base::Result<std::uint64_t> Client::event_cursor() {
    TRY(answer, expect<Cursor>(ask(AskCursor{})));
    return answer.n;
}

base::Result<std::uint64_t> Client::log_size() {
    TRY(answer, expect<LogSize>(ask(AskLog{})));
    return answer.size;
}

base::Result<void> Client::store_checkpoint(std::string_view note, base::ByteView proof) {
    return expect_done(
        ask(StoreCheckpoint{std::string(note), base::Bytes(proof.begin(), proof.end())}));
}

base::Result<void> Client::tell_chains(std::vector<ChainStand> chains) {
    return expect_done(ask(StoreChains{std::move(chains)}));
}

base::Result<Unproven> Client::unproven() {
    return expect<Unproven>(ask(AskUnproven{}));
}

base::Result<void> Client::store_inclusion(StoreInclusion claim) {
    return expect_done(ask(std::move(claim)));
}

base::Result<std::string> Client::pull_after(const PullAfter& place) {
    if (place.lane == Lane::batch) {
        TRY(batch, expect<BatchBody>(ask(place)));
        return std::move(batch.body);
    }
    TRY(advance, expect<AdvanceBody>(ask(place)));
    return std::move(advance.body);
}

base::Result<std::string> Client::sign_manifest(std::string_view payload) {
    TRY(answer, expect<SignedManifest>(ask(SignManifest{std::string(payload)})));
    return std::move(answer.jws);
}

base::Result<DownstreamState> Client::downstream_state() {
    return expect<DownstreamState>(ask(AskDownstream{}));
}

base::Result<void> Client::offer(OfferFile::What what, std::string_view file) {
    return expect_done(ask(OfferFile{what, std::string(file)}));
}

base::Result<void> Client::store_piece(const StorePiece& piece) {
    return expect_done(ask(piece));
}

base::Result<void> Client::tell_link(const LinkStatus& status) {
    return expect_done(ask(status));
}

}  // namespace outbox
