// SPDX-License-Identifier: EUPL-1.2
// The hand that holds the cards: makes them from person files, remembers each one while the program
// runs, puts one into the reader and takes it out, and pulls it at a given command. One thread.
#pragma once

#include <chrono>
#include <map>
#include <memory>

#include "tests/card/options.hpp"
#include "tests/card/state_file.hpp"
#include "tests/card/transport_vpcd.hpp"

namespace card {

class CardSlot {
  public:
    using Clock = std::chrono::steady_clock;

    CardSlot(ProgramOptions options, RandomSource& random);

    /// Takes the card of this person into the hand. Returns what is wrong, or nothing.
    [[nodiscard]] std::string choose(const std::string& person);
    /// Carries out one control command and says what came of it.
    [[nodiscard]] std::string control(const std::string& line);
    [[nodiscard]] bool quit() const { return quit_; }

    /// Connects if the card is to be in the reader and is not yet. Cheap; call it often.
    void keep_connected();
    /// Serves one message of the reader, after poll() said readable.
    void serve();
    [[nodiscard]] int descriptor() const { return connection_.descriptor(); }

    [[nodiscard]] std::size_t commands() const { return commands_; }
    [[nodiscard]] const Card& card() const { return *card_; }

  private:
    [[nodiscard]] std::unique_ptr<Card> make(Person person);
    [[nodiscard]] std::string status() const;
    void answer(View command);
    void remove();

    ProgramOptions options_;
    RandomSource& random_;
    FaultScript faults_;
    StateFile state_;
    std::map<std::string, std::unique_ptr<Card>> cards_;  ///< by person id
    Card* card_ = nullptr;
    VpcdConnection connection_;
    bool inserted_ = false;
    Clock::time_point insert_not_before_{};
    std::size_t commands_ = 0;
    std::size_t command_bytes_ = 0;
    std::size_t answer_bytes_ = 0;
    /// From a whole command to its whole answer, delays that were asked for among it.
    std::chrono::microseconds busy_us_{0};
    bool quit_ = false;
};

/// Where the project's people are; `name` without a slash and ".json" means one of them.
[[nodiscard]] std::string person_path(const std::string& name);

}  // namespace card
