// SPDX-License-Identifier: EUPL-1.2
// What people were told, and what could be known when: the ground truth that a world is judged by.
// Written by the people of the world and the devices, never read from the product's databases. One
// thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/model/record.hpp"

namespace sim {

/// One declaration of which a person was told "recorded".
struct Told {
    std::size_t device = 0;   ///< the machine; a clone or a restored disk is another one
    std::uint64_t order = 0;  ///< among the records of this machine's disk, from 1
    model::RecordKey key;
    base::Uuid declaration;
    model::Kind kind = model::Kind::grant;
    std::size_t person = 0;
    std::string entry;                    ///< of what is given
    std::vector<std::string> recipients;  ///< of what is given
    std::vector<model::Target> targets;
    bool knows_subject = true;  ///< false: a take-back code
    /// observed_claim of the log that this machine had verified at this moment.
    std::uint64_t observed = 0;
    /// The disk was lost before the backend had it for sure: it may be there, once, or be gone.
    bool destroyed = false;
};

/// A machine's disk began as a copy of another one's.
struct Ancestor {
    std::size_t device = 0;
    std::uint64_t order = 0;  ///< so many records of it
};

struct KeptReceipt {
    std::size_t device = 0;
    model::RecordKey key;
    model::Digest leaf{};
    std::uint64_t log_index = 0;
    bool chain_lane = true;
    std::uint32_t generation = 1;  ///< of the log that it names
};
struct SeenCheckpoint {
    std::size_t device = 0;
    std::uint64_t size = 0;
    model::Digest root{};
    std::uint32_t generation = 1;
};

class Ledger {
  public:
    std::vector<Told> told;
    std::map<std::size_t, Ancestor> ancestors;  ///< by device
    std::vector<KeptReceipt> receipts;          ///< that a journal has accepted
    std::vector<SeenCheckpoint> checkpoints;    ///< that a journal has accepted

    /// True if whoever recorded `later` had `first` on the very disk before.
    [[nodiscard]] bool on_disk_before(const Told& first, const Told& later) const;
    /// True if the protective act reaches what was given, as people mean it: by id, by person, by
    /// recipient, by entry and recipient.
    [[nodiscard]] static bool reaches(const Told& act, const Told& given, std::size_t part);
};

}  // namespace sim
