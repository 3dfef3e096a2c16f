// SPDX-License-Identifier: EUPL-1.2
// How often a terminal may guess: refused enrolments are counted per terminal, and after a few no
// further one is looked at for a while. A code has 100 random bits, so this is not what keeps
// guessers out; it keeps them from costing a signature check each time, and makes them visible. One
// instance counts for itself; a restart forgets. One thread.
#pragma once

#include <cstdint>
#include <map>

#include "drivers/base/uuid.hpp"

namespace backend {

class Attempts {
  public:
    static constexpr unsigned failures_max = 10;
    static constexpr std::uint64_t window_ms = std::uint64_t{15} * 60 * 1'000;
    /// Terminals counted at a time; beyond it the counts of the others begin anew.
    static constexpr std::size_t terminals_max = 1'024;

    /// Milliseconds until this terminal may try again; 0 = now.
    [[nodiscard]] std::uint64_t wait_ms(const base::Uuid& terminal, std::uint64_t now_ms) const;
    void failed(const base::Uuid& terminal, std::uint64_t now_ms);

  private:
    struct Count {
        unsigned failures = 0;
        std::uint64_t until_ms = 0;  ///< end of the window, on the boot clock
    };
    std::map<base::Uuid, Count> counts_;
};

}  // namespace backend
