// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/loop.hpp"

#include <poll.h>

#include <algorithm>
#include <array>

#include "drivers/base/limits_downstream.hpp"
#include "drivers/base/limits_journal.hpp"
#include "drivers/base/log.hpp"
#include "sync/http/tls.hpp"

namespace syncd {
namespace {

using base::Errc;

/// The floor is written at most this often: certificates live for days, flash memory should live
/// for years.
constexpr std::uint64_t floor_step_ms = 3'600'000;

/// True if this error says that nobody answered, or nobody we may speak to.
bool is_link_failure(Errc code) {
    return code == Errc::network_unreachable || code == Errc::network_timeout ||
           code == Errc::tls_failed || code == Errc::tls_peer_refused;
}

}  // namespace

Loop::Loop(Parts parts, const Pace& pace)
    : parts_(parts),
      pace_(pace),
      round_({parts.kiosk, parts.backend, parts.spool}),
      downstream_source_(parts.backend),
      downstream_({downstream_source_, parts.kiosk}),
      backoff_({pace.backoff_ms_min, pace.backoff_ms_max}, parts.random),
      link_{false, parts.clock.wall_ms()} {}

void Loop::set_link(bool up, Errc reason) {
    if (link_.up == up) return;
    link_ = {up, parts_.clock.wall_ms()};
    if (up) {
        base::log(base::LogEvent::link_up);
    } else {
        base::log(base::LogEvent::link_down, {{"errc", static_cast<std::int64_t>(reason)}});
    }
}

/// Believes the backend's clock as far as it does not contradict our own bounds; a date in the far
/// future would otherwise lock us out for good.
void Loop::keep_time_floor() {
    const auto date = parts_.backend.date_ms();
    const std::uint64_t floor = parts_.spool.time_floor_ms();
    if (!date || *date < floor + floor_step_ms) return;
    if (*date > http::window_of_floor(floor, parts_.clock.wall_ms()).latest_ms) return;
    if (const auto kept = parts_.spool.raise_time_floor(*date); !kept)
        base::log_error(kept.error());
}

/// The local half, done at every turn: receipts that wait, and the state of the link. It also finds
/// out that the kiosk has gone or come.
base::Result<void> Loop::talk_to_kiosk() {
    TRY_VOID(parts_.kiosk.tell_link(link_));
    return round_.hand_in();
}

/// At the start, and now and then: a terminal or a backend that came out of a backup shall notice
/// before somebody records.
base::Result<void> Loop::fetch_chains_when_due(std::uint64_t now) {
    if (now < next_chains_ms_) return {};
    const auto told = round_.fetch_chains();
    // A backend that does not know the question is of an older version; the rest goes on.
    if (!told && told.error().code != Errc::http_status) return told;
    next_chains_ms_ = now + limits::chains_round_ms;
    return {};
}

/// What somebody does not like about an event or a file must not slow the records down; a dead line
/// does in any case.
base::Result<void> Loop::tolerate(const base::Result<void>& fetched) {
    if (fetched) return {};
    const Errc code = fetched.error().code;
    if (code == Errc::cancelled || code == Errc::busy || is_link_failure(code)) return fetched;
    base::log_error(fetched.error());
    return {};
}

base::Result<void> Loop::fetch_news() {
    const std::uint64_t now = parts_.clock.boot_ms();
    if (now < next_events_ms_) return {};
    auto fetched = fetch_chains_when_due(now);
    if (fetched) fetched = round_.fetch_events();
    if (fetched) fetched = round_.fetch_log();
    TRY_VOID(tolerate(fetched));
    next_events_ms_ = now + limits::events_round_ms;
    return {};
}

/// A slice of what comes down, the next one in the next round: between two the records have their
/// turn.
base::Result<void> Loop::fetch_downstream() {
    const std::uint64_t now = parts_.clock.boot_ms();
    if (now < next_downstream_ms_) return {};
    const auto finished = downstream_.carry(limits::downstream_slice_pieces_max);
    if (finished && !*finished) return {};
    // A kiosk that went meanwhile is found out, and named, by the next round.
    if (!finished && !parts_.kiosk.connected()) return {};
    if (!finished) TRY_VOID(tolerate(tl::unexpected(finished.error())));
    next_downstream_ms_ = now + limits::downstream_round_ms;
    return {};
}

/// A backend that refuses our records for good has a catalogue, a log and events for us all the
/// same: a machine that has been copied, say, is refused until somebody comes (I7).
base::Result<void> Loop::go_round() {
    const auto sent = round_.send_all();
    if (!sent && (round_.failed() != Side::backend || !Round::is_final(sent.error()))) return sent;
    TRY_VOID(fetch_news());
    TRY_VOID(fetch_downstream());
    if (!sent) round_.blame(Side::backend);
    return sent;
}

void Loop::finished() {
    backoff_.reset();
    next_round_ms_ = parts_.clock.boot_ms() + pace_.round_ms;
}

void Loop::failed(const base::Error& error) {
    std::uint64_t wait = pace_.round_ms;
    if (round_.failed() == Side::kiosk) {
        // The kiosk restarts within seconds and costs nothing to ask; absence is its normal state
        // while it boots.
        if (parts_.kiosk.connected()) base::log_error(error);
    } else {
        base::log_error(error);
        wait = backoff_.next_ms(parts_.backend.retry_after_ms());
        if (is_link_failure(error.code)) set_link(false, error.code);
    }
    next_round_ms_ = parts_.clock.boot_ms() + wait;
}

base::Result<std::uint64_t> Loop::turn() {
    if (parts_.clock.boot_ms() >= next_round_ms_) {
        const auto done = go_round();
        if (!done && done.error().code == Errc::cancelled) return tl::unexpected(done.error());
        if (round_.take_contact()) {
            keep_time_floor();
            set_link(true, Errc::network_unreachable);
        }
        if (done) {
            finished();
        } else {
            failed(done.error());
        }
    }
    if (parts_.courier != nullptr) parts_.courier->turn();
    const auto told = talk_to_kiosk();
    if (!told && told.error().code == Errc::cancelled) return tl::unexpected(told.error());
    // Any other failure here is the kiosk's absence, and the next turn asks again.
    const std::uint64_t now = parts_.clock.boot_ms();
    const std::uint64_t until_round = next_round_ms_ > now ? next_round_ms_ - now : 0;
    return std::min(until_round, pace_.round_ms);
}

void Loop::hear_kiosk() {
    const auto news = parts_.kiosk.take_news();
    // A kiosk that has gone is met at the next turn. While the line is down its backoff stands.
    if (news && *news && link_.up) next_round_ms_ = 0;
}

void Loop::run(int stop_fd) {
    while (true) {
        const auto wait_ms = turn();
        if (!wait_ms) return;
        const int courier_fd = parts_.courier == nullptr ? -1 : parts_.courier->descriptor();
        std::array<pollfd, 3> fds{pollfd{stop_fd, POLLIN, 0},
                                  pollfd{parts_.kiosk.descriptor(), POLLIN, 0},
                                  pollfd{courier_fd, POLLIN, 0}};
        const auto sleep_ms = static_cast<int>(std::min<std::uint64_t>(*wait_ms, 60'000));
        if (::poll(fds.data(), fds.size(), sleep_ms) < 0) continue;
        if (fds[0].revents != 0) return;
        if (fds[1].revents != 0) hear_kiosk();
    }
}

}  // namespace syncd
