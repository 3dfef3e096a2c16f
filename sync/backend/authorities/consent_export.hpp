// SPDX-License-Identifier: EUPL-1.2
// A person's declarations as consent records that other programs understand. Opens each sealed
// declaration, so only an instance with the views key can do it; kept nowhere. Runs on the thread
// of its store. Norm: ISO/IEC TS 27560:2023, fields as in W3C DPV's guide; architecture.md 4.
#pragma once

#include <string>

#include "drivers/port/clock.hpp"
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
        port::Clock& clock;
    };
    explicit ConsentExport(Parts parts) : parts_(parts) {}

    /// A person's records on their way.
    struct Page {
        std::string principal;
        std::uint64_t now_ms = 0;  ///< decides what has expired
        Rows given;                ///< where they stand, newest first
        std::size_t next = 0;      ///< of `given`, the first that was not looked at
        bool complete = true;
        std::vector<std::string> records;  ///< those that could be opened, as JSON

        [[nodiscard]] bool done() const { return next == given.size(); }
    };
    /// The newest limits::export_records_max declarations, none of them opened yet.
    /// principal  the name under which the asker knows the person. errors: those of the store.
    base::Result<Page> begin(const model::SubjectRef& subject, std::string_view principal) const;
    /// Opens the next ones, at most so many. errors: those of the store. cost: 2 ms a record.
    base::Result<void> open(Page& page, std::size_t count) const;
    /// {"complete":bool,"records":[...]}, each a whole record; not complete if there are more or
    /// one could not be opened.
    [[nodiscard]] static std::string json_of(const Page& page);

  private:
    [[nodiscard]] std::string record(const model::Declaration& declaration,
                                     std::string_view principal, const std::string& events) const;
    [[nodiscard]] std::string parties(const model::Declaration& declaration) const;
    base::Result<std::string> events(const model::Declaration& declaration, const base::Bytes& leaf,
                                     std::uint64_t now_ms) const;

    Parts parts_;
};

}  // namespace backend
