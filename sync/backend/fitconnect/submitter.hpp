// SPDX-License-Identifier: EUPL-1.2
// Brings each change to the authorities that are reached by FIT-Connect, and keeps it until the
// recipient has accepted it with a signature. Each step can be cut off anywhere, an answer can get
// lost: what is stored says what may be repeated. An announcement is not idempotent, so it counts
// only once its id is stored, and one that got lost stays empty and disappears at the other side.
// Then only the PUT of the stored bytes is repeated, and before anything is announced anew the
// case's event log is asked. Several instances may run it. Runs on the thread of its store.
// Norm: FIT-Connect "Submission API" v2; sync.md.
#pragma once

#include <functional>
#include <string>

#include "drivers/port/clock.hpp"
#include "drivers/port/random.hpp"
#include "sync/backend/fitconnect/case_event.hpp"
#include "sync/backend/fitconnect/delivery_service.hpp"
#include "sync/backend/fitconnect/submissions.hpp"

namespace backend {

/// The text that an authority gets about a change, as JSON; made anew when it is sealed.
using ChangeText = std::function<base::Result<std::string>(const Submission&)>;
/// Called when the recipient's word is there, before the row is closed; perhaps twice.
using AcceptedHook = std::function<base::Result<void>(const Submission&)>;

class Submitter {
  public:
    struct Parts {
        Store& store;
        FitService& service;
        const FitAccount& account;
        ChangeText text;
        AcceptedHook accepted;
        port::Clock& clock;
        port::Random& random;
    };
    explicit Submitter(Parts parts) : parts_(std::move(parts)) {}

    /// Takes up new changes and does what is due. Failures of the other side are written down and
    /// tried again later, never here. returns  how many rows were worked on.
    /// errors  those of the store.
    base::Result<std::size_t> step();

  private:
    base::Result<void> work(Submission row);
    base::Result<void> announce(Submission& row);
    base::Result<void> send(Submission& row);
    base::Result<void> look(Submission& row);
    /// What the event log says about this submission, of what can be believed.
    struct Word {
        bool arrived = false;  ///< by the delivery service's own account
        bool accepted = false;
        bool rejected = false;
    };
    base::Result<Word> ask_log(const Submission& row);
    void start_over(Submission& row) const;
    [[nodiscard]] std::uint64_t wait_after_failure(const Submission& row) const;

    Parts parts_;
    std::uint64_t next_ms_ = 0;  ///< when the row at hand is looked at again
};

}  // namespace backend
