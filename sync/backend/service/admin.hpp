// SPDX-License-Identifier: EUPL-1.2
// What an operator does beside the running backend, each one command of freigabe-backend that opens
// the database itself and ends: invitations, evidence for a court. Main thread.
#pragma once

#include "drivers/port/clock.hpp"
#include "drivers/port/random.hpp"
#include "sync/backend/service/options.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

/// Opens options.store. Only serve and invite make a SQLite file that is not there: any other
/// command would report of an empty one.
/// errors  file_io "store.missing", those of the store.
base::Result<std::unique_ptr<Store>> open_store(const Options& options);

/// Whether purge may believe the clock: what it deletes is gone. It may if some terminal was heard
/// of within 31 days, or none ever; or if a person has said this day as `today`, in UTC.
/// errors  config_bad "purge.clock", "purge.today", those of the store.
base::Result<void> check_purge_clock(Store& store, const std::string& today, std::uint64_t now_ms);

/// Invites options.terminal, or every terminal of the file options.terminals.
/// returns  what to print: the code, or a line "UUID CODE" for each. errors: config_bad, file_io.
base::Result<std::string> invite_all(Store& store, const Options& options, port::Clock& clock,
                                     port::Random& random);

/// Writes an evidence bundle about options.declaration into the new folder options.out.
/// errors  config_bad (options, unknown declaration), file_io (EEXIST: the folder is there), those
/// of export_evidence.
base::Result<void> write_evidence(Store& store, const Options& options, port::Clock& clock,
                                  port::Random& random);

}  // namespace backend
