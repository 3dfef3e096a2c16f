// SPDX-License-Identifier: EUPL-1.2
// The tables, as forward-only migrations in the dialect that SQLite and PostgreSQL share (BIGINT,
// BYTEA, TEXT, explicit keys). An engine runs those above its stored version, each in a
// transaction; a released one never changes. What stands where: see the comments in schema.cpp.
// Pure data.
#pragma once

#include <array>
#include <cstdint>

namespace backend {

/// Index n brings version n to version n + 1. Each text is a list of statements, every one ended by
/// ';'.
extern const std::array<const char*, 17> schema_migrations;

/// "FRGB": tells our databases from any other SQLite file.
inline constexpr std::uint64_t schema_application_id = 0x4652'4742;

}  // namespace backend
