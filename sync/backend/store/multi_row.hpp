// SPDX-License-Identifier: EUPL-1.2
// One INSERT for many rows: the text of a statement whose VALUES row is repeated. Portable: both
// engines take it; only PostgreSQL needs it, where a row of its own costs as much as forty in one
// statement. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace backend {

/// The statement with its one "($1, .., $columns)" written `rows` times and numbered on. The row
/// must stand there exactly once, in this form (CHECKed: statements are constants of ours).
[[nodiscard]] std::string repeat_row(std::string_view sql, std::size_t columns, std::size_t rows);

/// Sizes of the statements for so many rows, the largest first: powers of two up to
/// insert_rows_max, so that an engine keeps a handful of texts prepared.
[[nodiscard]] std::vector<std::size_t> chunks_of(std::size_t rows);

}  // namespace backend
