// SPDX-License-Identifier: EUPL-1.2
// The citizens of a world: they walk up to any machine and grant, take back by card, by slip or
// without proof, object, and end objections; they keep their slips and remember what they were
// told. One thread.
#pragma once

#include <string>
#include <vector>

#include "tests/sim/device.hpp"

namespace sim {

/// Stands in every name; nowhere outside sealed text may it be found (I15).
inline constexpr const char* canary = "Kanarienvogel";

struct Citizen {
    std::size_t number = 0;
    base::Bytes pseudonym;
    std::string given_names;
    std::vector<base::Uuid> grants;
    std::vector<base::Uuid> objections;
    std::vector<std::string> slips;  ///< take-back codes
};

class People {
  public:
    People(Context& context, std::size_t count);

    /// Somebody does something at this machine.
    void act(Device& device);
    [[nodiscard]] const std::vector<Citizen>& all() const { return citizens_; }

  private:
    struct Plan {
        model::Declaration draft;
        Told told;
        journal::Slip slip = journal::Slip::none;
    };
    Plan blank(const Citizen& citizen, model::Kind kind);
    Plan give(const Citizen& citizen, model::Kind kind, Device& device);
    Plan take_back(Citizen& citizen);
    Plan use_slip(Citizen& citizen);
    Plan end_objection(Citizen& citizen);
    Plan note(const Citizen& citizen);
    model::Target selector();

    Context& context_;
    std::vector<Citizen> citizens_;
};

}  // namespace sim
