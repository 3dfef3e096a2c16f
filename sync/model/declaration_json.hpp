// SPDX-License-Identifier: EUPL-1.2
// A declaration as exact bytes: JSON of schema "freigabe-declaration-1" with one fixed order of
// keys. The bytes are sealed and kept as they are, nobody writes them a second time. Pure, any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "sync/model/declaration.hpp"

namespace model {

/// Writes a valid declaration. errors: declaration_bad (see validate; also if the text would be
/// longer than limits::declaration_bytes_max).
base::Result<std::string> encode(const Declaration& declaration);
/// Reads and validates. Unknown, missing and doubled keys are refused. errors: declaration_bad.
base::Result<Declaration> parse_declaration(std::string_view json);

/// The words of the JSON form, also used in pages and reports.
[[nodiscard]] std::string_view word(ActType value);
[[nodiscard]] std::string_view word(Event value);
[[nodiscard]] std::string_view word(SubjectKind value);
[[nodiscard]] std::string_view word(DeclarantRole value);
[[nodiscard]] std::string_view word(TextVariant value);
[[nodiscard]] std::string_view word(Method value);
[[nodiscard]] std::string_view word(Level value);
[[nodiscard]] std::string_view word(TimeQuality value);

}  // namespace model
