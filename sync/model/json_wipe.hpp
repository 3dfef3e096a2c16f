// SPDX-License-Identifier: EUPL-1.2
// Wipes the texts of a JSON tree that held secrets on every way out of a block. Pure, any thread.
#pragma once

#include "sync/model/json.hpp"

namespace model {

/// Overwrites every text in the tree with zeros.
void wipe(Json& json);

class [[nodiscard]] JsonWipe {
  public:
    /// json  outlives the guard.
    explicit JsonWipe(Json& json) : json_(json) {}
    // Only for want of memory, which ends the program anyway.
    // NOLINTNEXTLINE(bugprone-exception-escape)
    ~JsonWipe() { wipe(json_); }
    JsonWipe(const JsonWipe&) = delete;
    JsonWipe& operator=(const JsonWipe&) = delete;

  private:
    Json& json_;
};

}  // namespace model
