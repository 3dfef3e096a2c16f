// SPDX-License-Identifier: EUPL-1.2
// One INSERT for many rows, as PostgreSQL takes it fastest: each column is one parameter, an array.
// A row of its own costs as much as forty in one statement. Only for that engine. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace backend {

/// The statement with its one "VALUES ($1, .., $columns)" reading rows from arrays of their
/// columns, in their order. It must stand there exactly once, in this form, and nothing else may be
/// a parameter (CHECKed: statements are constants of ours).
[[nodiscard]] std::string rows_of_arrays(std::string_view sql, std::size_t columns);

}  // namespace backend
