// SPDX-License-Identifier: EUPL-1.2
// What `freigabectl card` tells about every contact, successful or not: commands sent, steps and
// their times. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "drivers/eid/authenticate.hpp"
#include "drivers/port/card_transport.hpp"
#include "kiosk/ctl/card_json.hpp"

namespace ctl {

/// The card behind it, with a count of commands.
class CountingCard final : public port::CardTransport {
  public:
    CountingCard(port::CardTransport& card, unsigned& count) : card_(card), count_(count) {}
    base::Result<base::Bytes> transmit(base::ByteView command) override {
        ++count_;
        return card_.transmit(command);
    }
    [[nodiscard]] bool extended_length() const override { return card_.extended_length(); }
    [[nodiscard]] std::size_t answer_bytes_max() const override { return card_.answer_bytes_max(); }
    [[nodiscard]] base::ByteView atr() const override { return card_.atr(); }
    /// What a reader sends of its own accord is not counted: nobody here sees it.
    [[nodiscard]] port::PinPad* pin_pad() override { return card_.pin_pad(); }

  private:
    port::CardTransport& card_;
    unsigned& count_;
};

/// The protocol of one contact.
class Contact final : public eid::AuthenticateObserver {
  public:
    enum class Voice : std::uint8_t { silent, tells_steps };
    explicit Contact(Voice voice) : voice_(voice) {}

    /// The technician sees the counter in the result, and must know where to type.
    void before_try(eid::PinState) override {
        if (place_ == Place::reader) std::fputs("type the PIN at the reader ...\n", stderr);
    }
    enum class Place : std::uint8_t { here, reader };
    void typed_at(Place place) { place_ = place; }
    void on_step(eid::Step step) override {
        end_step();
        step_ = step;
        step_began_ = Clock::now();
        running_ = true;
        if (voice_ == Voice::tells_steps) std::fprintf(stderr, "%s ...\n", name_of(step));
    }
    void on_apdu_count(unsigned) override { end_step(); }

    /// Counts what goes through it.
    [[nodiscard]] CountingCard count(port::CardTransport& card) { return {card, apdus_}; }
    [[nodiscard]] Trace trace() const { return {apdus_, ms_since(began_), step_, times_}; }

  private:
    using Clock = std::chrono::steady_clock;
    static std::uint64_t ms_since(Clock::time_point start) {
        const auto passed = Clock::now() - start;
        return static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
    }
    void end_step() {
        if (std::exchange(running_, false)) times_.push_back({*step_, ms_since(step_began_)});
    }

    Voice voice_;
    Place place_ = Place::here;
    bool running_ = false;
    unsigned apdus_ = 0;
    Clock::time_point began_ = Clock::now();
    Clock::time_point step_began_ = began_;
    std::optional<eid::Step> step_;
    std::vector<eid::StepTime> times_;
};

}  // namespace ctl
