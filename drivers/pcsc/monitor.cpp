// SPDX-License-Identifier: EUPL-1.2
#include "drivers/pcsc/monitor.hpp"

#include <winscard.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "drivers/pcsc/errors.hpp"

namespace pcsc {
namespace {

using namespace std::chrono_literals;

// A new context is cheap, so a service that comes back is noticed within this time.
constexpr auto service_retry = 500ms;
// The wait inside pcscd ends by itself now and then, in case an event was lost: one wake-up a
// minute costs nothing.
constexpr DWORD wait_ms_max = 60'000;
constexpr const char* plug_and_play = "\\\\?PnP?\\Notification";

}  // namespace

Monitor::Monitor(Handler handler)
    : handler_(std::move(handler)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

Monitor::~Monitor() {
    thread_.request_stop();
    // A cancel that comes just before the wait begins is lost, so it is repeated until the thread
    // has gone.
    while (!ended_) {
        {
            const std::lock_guard lock(mutex_);
            if (context_ != nullptr) context_->cancel();
        }
        std::this_thread::sleep_for(1ms);
    }
}

void Monitor::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const auto context = Context::establish();
        if (context) {
            watch(stop, *context);
        } else {
            service_lost(context.error().code);
        }
        std::unique_lock lock(mutex_);
        pause_.wait_for(lock, stop, service_retry, [] { return false; });
    }
    ended_ = true;
}

/// Follows one context until it fails or a stop is asked for.
void Monitor::watch(const std::stop_token& stop, const Context& context) {
    {
        const std::lock_guard lock(mutex_);
        context_ = &context;
    }
    std::optional<base::Errc> failure;
    while (!stop.stop_requested() && !failure) failure = watch_once(context);
    {
        const std::lock_guard lock(mutex_);
        context_ = nullptr;
    }
    if (failure && !stop.stop_requested()) service_lost(*failure);
}

/// One look at the readers and one wait; the reason why it cannot go on, if there is one.
std::optional<base::Errc> Monitor::watch_once(const Context& context) {
    if (const auto listed = refresh_readers(context); !listed) return listed.error().code;
    if (std::exchange(service_known_gone_, false)) handler_({EventKind::service_back, {}, 0});
    if (const auto waited = wait_for_change(context); !waited) return waited.error().code;
    return std::nullopt;
}

void Monitor::service_lost(base::Errc error) {
    // The cause first: a reader that is gone with its service is not a reader that was unplugged.
    if (!std::exchange(service_known_gone_, true)) {
        handler_({EventKind::service_gone, {}, 0, error});
    }
    forget_all();
}

void Monitor::forget_all() {
    for (auto& [name, reader] : readers_) {
        report(name, reader, SCARD_STATE_EMPTY);
        handler_({EventKind::reader_removed, name, 0});
    }
    readers_.clear();
}

base::Result<void> Monitor::refresh_readers(const Context& context) {
    TRY(names, context.readers());
    for (auto known = readers_.begin(); known != readers_.end();) {
        if (std::ranges::find(names, known->first) != names.end()) {
            ++known;
            continue;
        }
        report(known->first, known->second, SCARD_STATE_EMPTY);
        handler_({EventKind::reader_removed, known->first, 0});
        known = readers_.erase(known);
    }
    for (const std::string& name : names) {
        if (!readers_.try_emplace(name).second) continue;
        handler_({EventKind::reader_added, name, 0});
    }
    return {};
}

base::Result<void> Monitor::wait_for_change(const Context& context) {
    std::vector<SCARD_READERSTATE> states;
    for (const auto& [name, reader] : readers_) {
        SCARD_READERSTATE state{};
        state.szReader = name.c_str();
        state.dwCurrentState = reader.state;
        states.push_back(state);
    }
    SCARD_READERSTATE hot_plug{};
    hot_plug.szReader = plug_and_play;
    // The upper half is the number of readers we know, so that a reader plugged in meanwhile is not
    // missed.
    hot_plug.dwCurrentState = static_cast<DWORD>(readers_.size() << 16U);
    states.push_back(hot_plug);
    const LONG code =
        SCardGetStatusChange(context.get(), wait_ms_max, states.data(), states.size());
    const bool nothing =
        code == static_cast<LONG>(SCARD_E_TIMEOUT) ||
        code == static_cast<LONG>(SCARD_E_CANCELLED) ||
        code ==
            static_cast<LONG>(SCARD_E_UNKNOWN_READER);  // gone meanwhile: the next refresh sees it
    if (nothing) return {};
    if (code != SCARD_S_SUCCESS) return fail(code, "status change");
    for (const SCARD_READERSTATE& state : states) {
        if (const auto found = readers_.find(state.szReader); found != readers_.end()) {
            report(found->first, found->second, static_cast<std::uint32_t>(state.dwEventState));
        }
    }
    return {};
}

/// Turns the difference between two states into events. A card that was changed while we slept is
/// out and in.
void Monitor::report(const std::string& name, Reader& reader, std::uint32_t state) {
    const bool present = (state & SCARD_STATE_PRESENT) != 0;
    const unsigned count = state >> 16U;
    const bool changed = present != reader.present || (present && count != reader.insertion);
    reader.state = state & ~static_cast<std::uint32_t>(SCARD_STATE_CHANGED);
    if (!changed) return;
    if (reader.present) handler_({EventKind::card_removed, name, reader.insertion});
    reader.present = present;
    reader.insertion = count;
    if (!present) return;
    const bool mute = (state & SCARD_STATE_MUTE) != 0;
    handler_({mute ? EventKind::card_mute : EventKind::card_inserted, name, count});
}

}  // namespace pcsc
