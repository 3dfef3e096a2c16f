// SPDX-License-Identifier: EUPL-1.2
// Where an auditor gets a log from: a backend over mutual TLS, or a folder with the same names.
// What was fetched can be kept in such a folder, so that an audit can be repeated without the
// backend. Main thread; blocks.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "drivers/base/result.hpp"
#include "kiosk/ctl/options.hpp"

namespace ctl {

class LogSource {
  public:
    virtual ~LogSource() = default;
    /// The piece with this name: "checkpoint" or a tile's path.
    /// errors  file_io (folder; ENOENT if it is not there), those of http::Client, http_status.
    virtual base::Result<std::string> fetch(const std::string& name) = 0;
};

/// A folder as `--save` writes it, or as a web server of tiles has it.
[[nodiscard]] std::unique_ptr<LogSource> folder_source(std::filesystem::path folder);
/// --url, --tls-ca, --tls-cert, --tls-key, --server-name. errors: config_bad, file_io,
/// certificate_bad, key_bad.
base::Result<std::unique_ptr<LogSource>> backend_source(const Options& options);
/// Keeps everything that goes through under `folder`.
[[nodiscard]] std::unique_ptr<LogSource> saving_source(std::unique_ptr<LogSource> source,
                                                       std::filesystem::path folder);

}  // namespace ctl
