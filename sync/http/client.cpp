// SPDX-License-Identifier: EUPL-1.2
#include "sync/http/client.hpp"

#include <poll.h>

#include <algorithm>
#include <array>

#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"
#include "sync/http/grammar.hpp"
#include "sync/http/parser.hpp"
#include "sync/http/socket.hpp"
#include "sync/http/stream.hpp"
#include "sync/http/writer.hpp"

namespace http {
namespace {

using base::Errc;

short events_of(Io io) {
    return io == Io::want_write ? POLLOUT : POLLIN;
}

/// What stands in the Host field: the port is named unless it is that of https.
std::string host_field(const Origin& origin) {
    const bool ipv6 = origin.host.find(':') != std::string::npos;
    std::string field = ipv6 ? "[" + origin.host + "]" : origin.host;
    if (origin.port != 443) field += ":" + std::to_string(origin.port);
    return field;
}

/// True if `host` could be split off an authority without doubt.
bool is_bare_host(std::string_view host) {
    return is_host(host) && host.find_first_of("[]") == std::string_view::npos;
}

}  // namespace

std::optional<Origin> parse_origin(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    if (!url.starts_with(scheme)) return std::nullopt;
    url.remove_prefix(scheme.size());
    if (url.ends_with('/')) url.remove_suffix(1);
    Origin origin;
    std::string_view port;
    bool has_port = false;
    if (url.starts_with('[')) {
        const std::size_t end = url.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        origin.host = std::string(url.substr(1, end - 1));
        if (origin.host.find(':') == std::string::npos) return std::nullopt;
        std::string_view rest = url.substr(end + 1);
        has_port = rest.starts_with(':');
        if (!rest.empty() && !has_port) return std::nullopt;
        if (has_port) port = rest.substr(1);
    } else {
        const std::size_t colon = url.find(':');
        has_port = colon != std::string_view::npos;
        origin.host = std::string(url.substr(0, colon));
        if (has_port) port = url.substr(colon + 1);
    }
    if (!is_bare_host(origin.host)) return std::nullopt;
    if (has_port) {
        const auto number = parse_decimal(port);
        if (!number || *number == 0 || *number > 65'535) return std::nullopt;
        origin.port = static_cast<std::uint16_t>(*number);
    }
    return origin;
}

struct Client::Connection {
    std::unique_ptr<TlsClientStream> stream;
    bool used = false;  ///< at least one response came over it
};

Client::Client(ClientOptions options, TlsContext& tls, port::Clock& clock)
    : options_(std::move(options)), tls_(tls), clock_(clock) {
    if (options_.server_name.empty()) options_.server_name = options_.origin.host;
}

Client::~Client() = default;

std::uint64_t Client::deadline(std::uint32_t ms_max, std::uint64_t end_ms) const {
    return std::min(clock_.boot_ms() + ms_max, end_ms);
}

base::Result<void> Client::connect(std::uint64_t end_ms) {
    Wait wait{clock_, deadline(limits::http_connect_ms_max, end_ms), options_.cancel_fd};
    TRY(socket, connect_to(options_.origin.host, options_.origin.port, wait));
    TRY(stream, make_tls_client_stream(std::move(socket), tls_, options_.server_name));
    wait.deadline_ms = deadline(limits::http_handshake_ms_max, end_ms);
    while (true) {
        TRY(io, stream->handshake());
        if (io == Io::progress) break;
        TRY_VOID(wait_for(stream->fd(), events_of(io), wait));
    }
    connection_ = std::make_unique<Connection>();
    connection_->stream = std::move(stream);
    return {};
}

base::Result<Response> Client::exchange(const std::string& message, std::uint64_t end_ms) {
    Stream& stream = *connection_->stream;
    const Wait wait{clock_, deadline(limits::http_message_ms_max, end_ms), options_.cancel_fd};
    for (std::size_t sent = 0; sent < message.size();) {
        TRY(moved, stream.write(base::as_bytes(message).subspan(sent)));
        if (moved.io == Io::ended) return base::fail(Errc::network_unreachable, "http closed");
        if (moved.io != Io::progress) TRY_VOID(wait_for(stream.fd(), events_of(moved.io), wait));
        sent += moved.bytes;
    }
    ResponseParser parser;
    const auto received = receive(parser, wait);
    const bool enough = options_.wanted == Wanted::status && parser.has_status();
    if (!received && !enough) return tl::unexpected(received.error());
    const bool keep = received && parser.done() && parser.keep_alive();
    connection_->used = true;
    connection_->stream->keep_session();
    Response response = parser.take_head();
    if (!keep) disconnect();
    return response;
}

/// Reads the response, or as much of it as is wanted.
base::Result<void> Client::receive(ResponseParser& parser, const Wait& wait) {
    Stream& stream = *connection_->stream;
    std::array<std::uint8_t, 16'384> buffer{};
    while (!parser.done()) {
        if (options_.wanted == Wanted::status && parser.runs_until_end()) return {};
        TRY(moved, stream.read(buffer));
        if (moved.io == Io::ended) return parser.end();
        if (moved.io != Io::progress) {
            TRY_VOID(wait_for(stream.fd(), events_of(moved.io), wait));
            continue;
        }
        TRY(used, parser.feed(base::ByteView(buffer).first(moved.bytes)));
        // One request at a time is under way, so bytes behind its response are somebody's mistake
        // or attack.
        if (used != moved.bytes) return base::fail(Errc::http_bad, "http bytes behind response");
    }
    return {};
}

base::Result<Response> Client::send(const Request& request) {
    // A HEAD response could not be told from a cut one by this parser, and nobody here needs one.
    CHECK(request.method != Method::head);
    TRY(message, write_request(request, host_field(options_.origin)));
    return send_until(message, clock_.boot_ms() + options_.request_ms_max);
}

base::Result<Response> Client::send_until(const std::string& message, std::uint64_t end_ms) {
    const bool kept = connection_ != nullptr && connection_->used;
    if (connection_ == nullptr) TRY_VOID(connect(end_ms));
    auto response = exchange(message, end_ms);
    if (response) return response;
    disconnect();
    // The server may have closed a kept connection just as we wrote; that says nothing about the
    // request.
    if (!kept || response.error().code != Errc::network_unreachable) return response;
    TRY_VOID(connect(end_ms));
    response = exchange(message, end_ms);
    if (!response) disconnect();
    return response;
}

void Client::disconnect() {
    if (connection_ == nullptr) return;
    connection_->stream->end();
    connection_.reset();
}

std::string Client::tls_description() const {
    return connection_ == nullptr ? std::string() : connection_->stream->description();
}

bool Client::resumed() const {
    return connection_ != nullptr && connection_->stream->resumed();
}

}  // namespace http
