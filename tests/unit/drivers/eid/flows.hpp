// SPDX-License-Identifier: EUPL-1.2
// Every flow of the driver as one row of a table, so that a test of faults or of card states walks
// all of them and none is forgotten. Which secrets a flow sends, and in which order, stands beside
// it: that is what a card's counters may be moved by. One thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/unit/drivers/eid/world.hpp"

namespace eid_test {

struct Flow {
    std::string name;
    card::PinState home;                  ///< the card's state in which the flow is used
    std::vector<eid::PasswordId> inputs;  ///< in the order in which they are sent, each once
    /// One contact with the card; returns all that came out of it as text.
    std::function<base::Result<std::string>(World&)> run;
};

/// Reading with PIN (right, wrong, after the CAN), on site, each way of PIN care, the probe.
[[nodiscard]] const std::vector<Flow>& flows();

/// Puts the card's secrets and counters into this state, as a new card of the person has them.
void enter(World& world, card::PinState state);

}  // namespace eid_test
