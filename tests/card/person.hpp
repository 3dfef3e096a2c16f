// SPDX-License-Identifier: EUPL-1.2
// A person as a JSON file (tests/card/people) and the data groups that follow from it. Strict: an
// unknown key, a wrong type or a date that is none makes the whole file invalid, with a reason.
// Pure but for the file; any thread. Norm: BSI TR-03110-4 2.2.1 (data groups of the eID
// application).
#pragma once

#include <map>

#include "tests/card/auxiliary.hpp"
#include "tests/card/document_signer.hpp"
#include "tests/card/security_infos.hpp"

namespace card {

struct Person {
    std::string id;                    ///< the keys of the card follow from it
    std::string label;                 ///< one line for people who choose a card
    std::map<unsigned, Bytes> groups;  ///< data group number -> its file
    VerifiableData verifiable;
    Passwords passwords;
    Generation generation = Generation::plain;
    CurveEncoding signer_curve = CurveEncoding::named;
};

struct PersonError {
    std::string reason;
};

/// Exactly one of the two is set.
struct PersonOutcome {
    std::optional<Person> person;
    PersonError error;
};
[[nodiscard]] PersonOutcome parse_person(View json);
[[nodiscard]] PersonOutcome load_person(const std::string& path);

}  // namespace card
