// SPDX-License-Identifier: EUPL-1.2
// What an operator does beside the running backend, each one command of freigabe-backend that opens
// the database itself and ends: invitations, evidence for a court. Main thread.
#pragma once

#include "drivers/port/clock.hpp"
#include "drivers/port/random.hpp"
#include "sync/backend/service/options.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

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
