// SPDX-License-Identifier: EUPL-1.2
// Takes in what terminals have put on a stick, and puts the answers onto it: for a backend that no
// terminal can reach, and for one that has no network at all. Each file is the body of a request
// that HTTPS would have carried, so it goes through the same door (service.hpp) and its answer is
// the same bytes; doing it twice, or once by each way, changes nothing. Where the line has a client
// certificate, the stick has a manifest signed by the terminal's journal key (sync/courier/
// manifest.hpp). Runs on the thread of the store.
#pragma once

#include <optional>
#include <vector>

#include "drivers/port/usb_store.hpp"
#include "sync/backend/store/store.hpp"
#include "sync/courier/folder_reader.hpp"
#include "sync/courier/folder_writer.hpp"
#include "sync/http/server.hpp"

namespace backend {

struct StickReport {
    struct Damaged {
        courier::FileName name;
        base::Error error;
    };
    struct Terminal {
        base::Uuid terminal;
        /// Why nothing, or not everything, was done for it: then there are no answers for it.
        std::optional<base::Error> error;
        std::size_t files = 0;   ///< listed
        std::size_t taken = 0;   ///< accepted, new or known
        std::size_t events = 0;  ///< pages that go back
        std::vector<courier::Refusal> refused;
        std::vector<Damaged> damaged;
        /// Taken out of service: what it took back was kept and counts, nothing else goes back.
        bool revoked = false;
    };
    std::vector<Terminal> terminals;
    std::size_t foreign = 0;  ///< folders that are no terminal's
    /// True if every body of every terminal was taken and answered.
    [[nodiscard]] bool whole() const;
};

class StickIngest {
  public:
    struct Parts {
        Store& store;
        http::Handler& service;  ///< the backend's interface, with its role ingest
    };
    explicit StickIngest(Parts parts) : parts_(parts) {}

    /// errors  those of courier::terminals_on. What concerns one terminal stands in its part of the
    /// report: stick_bad (unfinished, form), peer_not_allowed (not enrolled at this backend),
    /// signature_bad, busy (the backend could not just now: repeat it), those of the stick.
    base::Result<StickReport> run(port::UsbStore& stick);

  private:
    base::Result<void> take(port::UsbStore& stick, StickReport::Terminal& report);
    static base::Result<void> finish(courier::FolderWriter& answers,
                                     const StickReport::Terminal& report);

    Parts parts_;
};

}  // namespace backend
