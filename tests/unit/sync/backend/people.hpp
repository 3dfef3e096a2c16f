// SPDX-License-Identifier: EUPL-1.2
// People and what they declare, for tests of views and authorities: real declarations, sealed to a
// real key and chained by a test terminal.
#pragma once

#include <string>
#include <vector>

#include "tests/unit/sync/backend/world.hpp"

namespace test {

struct Human {
    std::uint8_t number = 0;  ///< makes the pseudonym
    std::string family_name;
    std::string given_names;
    std::string birth_date;
};

class Story {
  public:
    struct Parts {
        Terminal& terminal;
        const crypto::Point& views_key;
        port::Random& random;
        std::uint64_t now_ms;
    };
    explicit Story(Parts parts) : parts_(parts) {}

    using Ids = std::vector<std::string>;
    /// A consent of so many days. returns its id.
    base::Uuid give(const Human& human, const std::string& entry, const Ids& sources,
                    const Ids& recipients, int days, std::uint64_t observed = 0);
    base::Uuid object(const Human& human, const std::string& entry, const Ids& sources,
                      const Ids& recipients);
    /// A formal request for access. returns its id.
    base::Uuid ask_access(const Human& human, const Ids& authorities);
    [[nodiscard]] model::Declaration access_request(const Human& human, const Ids& authorities);
    /// A withdrawal of one declaration. returns its own id.
    base::Uuid take_back(const Human& human, const base::Uuid& declaration);
    /// A withdrawal of all that one authority was given.
    base::Uuid take_back_from(const Human& human, const std::string& recipient);
    /// The end of an objection, by its id. returns its own id.
    base::Uuid end_objection(const Human& human, const base::Uuid& objection);
    /// A note without any proof, about one entry at one recipient.
    base::Uuid note(const Human& human, const std::string& entry, const std::string& recipient);
    /// Appends a declaration as it is; `scopes_of_other` replaces its scopes, as a hostile terminal
    /// would.
    void append(const model::Declaration& declaration, std::uint64_t observed,
                const model::Declaration* scopes_of_other = nullptr);
    [[nodiscard]] model::Declaration consent(const Human& human, const std::string& entry,
                                             const Ids& sources, const Ids& recipients, int days);
    [[nodiscard]] std::uint64_t count() const { return count_; }

  private:
    [[nodiscard]] model::Declaration blank(const Human& human);
    base::Uuid next_id();

    Parts parts_;
    std::uint64_t count_ = 0;
};

/// The subject's tag, as the auditor asks for it.
[[nodiscard]] model::Digest subject_tag(const Human& human);

}  // namespace test
