// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/ctl/log_source.hpp"

#include <utility>

#include "drivers/base/secret.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/os/system_clock.hpp"
#include "kiosk/ctl/files.hpp"
#include "sync/http/client.hpp"

namespace ctl {
namespace {

using base::Errc;

class FolderSource final : public LogSource {
  public:
    explicit FolderSource(std::filesystem::path folder) : folder_(std::move(folder)) {}
    base::Result<std::string> fetch(const std::string& name) override {
        TRY(content, read_file((folder_ / name).string()));
        return std::string(base::as_text(content));
    }

  private:
    std::filesystem::path folder_;
};

class SavingSource final : public LogSource {
  public:
    SavingSource(std::unique_ptr<LogSource> source, std::filesystem::path folder)
        : source_(std::move(source)), folder_(std::move(folder)) {}
    base::Result<std::string> fetch(const std::string& name) override {
        TRY(content, source_->fetch(name));
        const auto path = folder_ / name;
        std::error_code error;
        std::filesystem::create_directories(path.parent_path(), error);
        TRY_VOID(write_file(path.string(), base::as_bytes(content)));
        return std::move(content);
    }

  private:
    std::unique_ptr<LogSource> source_;
    std::filesystem::path folder_;
};

/// Members in order of need: the client goes first.
class BackendSource final : public LogSource {
  public:
    base::Result<void> open(const Options& options) {
        const auto origin = http::parse_origin(options.value("--url").value_or(""));
        if (!origin) return base::fail(Errc::config_bad, "log url");
        TRY(ca, read_file(*options.value("--tls-ca")));
        TRY(certificate, read_file(*options.value("--tls-cert")));
        TRY(key, read_file(*options.value("--tls-key")));
        auto tls = http::TlsContext::make(
            http::TlsSide::client, {ca, certificate, key},
            [this] { return http::window_of_clock(clock_.wall_ms()); }, random_);
        base::wipe(key);
        if (!tls) return tl::unexpected(tls.error());
        tls_ = std::move(*tls);
        const std::string server_name(options.value("--server-name").value_or(""));
        client_.emplace(http::ClientOptions{*origin, server_name}, *tls_, clock_);
        return {};
    }
    base::Result<std::string> fetch(const std::string& name) override {
        http::Request request;
        request.path = "/v1/log/" + name;
        TRY(response, client_->send(request));
        if (response.status != 200)
            return base::fail(Errc::http_status, "log piece", response.status);
        return std::move(response.body);
    }

  private:
    os::SystemClock clock_;
    crypto::SystemRandom random_;
    std::unique_ptr<http::TlsContext> tls_;
    std::optional<http::Client> client_;
};

}  // namespace

std::unique_ptr<LogSource> folder_source(std::filesystem::path folder) {
    return std::make_unique<FolderSource>(std::move(folder));
}

std::unique_ptr<LogSource> saving_source(std::unique_ptr<LogSource> source,
                                         std::filesystem::path folder) {
    return std::make_unique<SavingSource>(std::move(source), std::move(folder));
}

base::Result<std::unique_ptr<LogSource>> backend_source(const Options& options) {
    auto source = std::make_unique<BackendSource>();
    TRY_VOID(source->open(options));
    return std::unique_ptr<LogSource>(std::move(source));
}

}  // namespace ctl
