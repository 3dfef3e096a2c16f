// SPDX-License-Identifier: EUPL-1.2
// A person's declarations as consent records that other programs understand. Opens each sealed
// declaration, so only an instance with the views key can do it; kept nowhere. Runs on the thread
// of its store. Norm: ISO/IEC TS 27560:2023, fields as in W3C DPV's guide; architecture.md 4.
#pragma once

#include <string>

#include "sync/backend/authorities/directory.hpp"
#include "sync/backend/store/store.hpp"
#include "sync/backend/views/opener.hpp"

namespace backend {

class ConsentExport {
  public:
    struct Parts {
        Store& store;
        const Opener& opener;
        const Directory& directory;
    };
    explicit ConsentExport(Parts parts) : parts_(parts) {}

    /// {"schema_version","pii_principal_id","records":[...],"complete":bool}: the newest
    /// limits::export_records_max declarations; not complete if there are more or one could not be
    /// opened. principal  the name under which the asker knows the person.
    /// errors  those of the store. cost: 2 ms a record.
    base::Result<std::string> records(const model::SubjectRef& subject,
                                      std::string_view principal) const;

  private:
    [[nodiscard]] std::string record(const model::Declaration& declaration,
                                     const std::string& events) const;
    [[nodiscard]] std::string parties(const model::Declaration& declaration) const;
    base::Result<std::string> events(const model::Declaration& declaration,
                                     const base::Bytes& leaf) const;

    Parts parts_;
};

}  // namespace backend
