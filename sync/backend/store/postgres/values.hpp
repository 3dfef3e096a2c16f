// SPDX-License-Identifier: EUPL-1.2
// Values as PostgreSQL's binary format has them: parameters on the way in, columns on the way out.
// Binary, so that bytes stay exact and cost no copy into hexadecimal. Pure but for reading a
// PGresult. Norm: PostgreSQL 15 manual, 55.2.3 and the send functions of each type.
#pragma once

#include <libpq-fe.h>

#include <array>
#include <memory>
#include <vector>

#include "drivers/base/handle.hpp"
#include "sync/backend/store/store.hpp"

namespace backend::postgres {

using Answer = std::unique_ptr<PGresult, base::Deleter<PQclear>>;

/// Parameters of one execution. Views the texts and bytes that it was made of; holds the integers,
/// and the arrays.
class Parameters {
  public:
    explicit Parameters(std::span<const Param> params);
    /// One array for each column of a table that stands in `params` row by row, at least one. A
    /// column has values of one type and no null (CHECKed): statements are ours.
    Parameters(std::span<const Param> params, std::size_t columns);
    Parameters(const Parameters&) = delete;
    Parameters& operator=(const Parameters&) = delete;
    ~Parameters() = default;

    [[nodiscard]] int count() const { return static_cast<int>(values_.size()); }
    /// One a value: bigint, text or bytea, or arrays of them; 0 of a null, whose type the statement
    /// itself tells.
    [[nodiscard]] const Oid* types() const { return types_.data(); }
    [[nodiscard]] const char* const* values() const { return values_.data(); }
    [[nodiscard]] const int* lengths() const { return lengths_.data(); }
    [[nodiscard]] const int* formats() const { return formats_.data(); }  ///< all binary

  private:
    void reserve(std::size_t count);
    void add(Oid type, std::string_view value);

    std::vector<std::array<char, 8>> integers_;
    std::vector<std::string> arrays_;
    std::vector<Oid> types_;
    std::vector<const char*> values_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
};

/// The rows of an answer behind those that are there. Columns of any whole-number type (numeric
/// without a fraction too, which SUM makes) are numbers, boolean is 0 or 1; others but text and
/// bytea are CHECKed: statements are ours.
void read_rows(const PGresult& answer, Rows& rows);

}  // namespace backend::postgres
