// SPDX-License-Identifier: EUPL-1.2
// Where the files of the downstream come from: the backend, or a folder on a stick. Whoever it is
// is not believed: the kiosk verifies every byte. One thread; may block.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "drivers/base/result.hpp"
#include "sync/outbox/frame.hpp"
#include "sync/transport/backend.hpp"

namespace syncd {

class DownstreamSource {
  public:
    virtual ~DownstreamSource() = default;
    /// The signed root of this version; nothing if there is none.
    virtual base::Result<std::optional<std::string>> root(std::uint64_t version) = 0;
    /// The signed manifest; nothing if there is none.
    virtual base::Result<std::optional<std::string>> manifest() = 0;
    /// At most limits::downstream_piece_bytes_max bytes of a file from there; nothing if there is
    /// no such file, empty if it ends there.
    virtual base::Result<std::optional<std::string>> piece(const outbox::FileDigest& digest,
                                                           std::uint64_t from) = 0;
};

/// errors (all calls)  those of transport::Backend.
class BackendDownstream final : public DownstreamSource {
  public:
    explicit BackendDownstream(transport::Backend& backend) : backend_(backend) {}
    base::Result<std::optional<std::string>> root(std::uint64_t version) override;
    base::Result<std::optional<std::string>> manifest() override;
    base::Result<std::optional<std::string>> piece(const outbox::FileDigest& digest,
                                                   std::uint64_t from) override;

  private:
    transport::Backend& backend_;
};

/// A folder as sync/model/downstream_names.hpp draws it, for instance `downstream/` on a stick.
/// Names are made here and never read from the folder; links, devices and pipes are refused, and no
/// file is read beyond its bound. errors (all calls)  file_io, message_too_large.
class FolderDownstream final : public DownstreamSource {
  public:
    explicit FolderDownstream(std::string folder) : folder_(std::move(folder)) {}
    base::Result<std::optional<std::string>> root(std::uint64_t version) override;
    base::Result<std::optional<std::string>> manifest() override;
    base::Result<std::optional<std::string>> piece(const outbox::FileDigest& digest,
                                                   std::uint64_t from) override;

  private:
    std::string folder_;
};

}  // namespace syncd
