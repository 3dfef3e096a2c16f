// SPDX-License-Identifier: EUPL-1.2
// What outlives the process if somebody asks for it: PIN, counters, clock and trust points of each
// card, in one JSON file. Virtual people only, so the PIN stands there in plain. One thread.
#pragma once

#include "tests/card/card.hpp"

namespace card {

class StateFile {
  public:
    /// An empty path keeps nothing.
    explicit StateFile(std::string path) : path_(std::move(path)) {}

    /// True if the file knew this card; its memory is then that of the last run.
    [[nodiscard]] bool restore(Card& card) const;
    /// False if the file cannot be written.
    [[nodiscard]] bool store(Card& card) const;

  private:
    std::string path_;
};

}  // namespace card
