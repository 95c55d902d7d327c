// `service:`: where the service is, or how it is started.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/fields.hpp"
#include "config/plan.hpp"
#include "config/template_text.hpp"

namespace burstgate::config {

// A service while it is read, and where its keys stand. A place with line 0 is a key that is not written.
struct ServiceDraft {
  Service service;
  Place url_place;  // complete: the service's own place where url is not written
  Place command_place;
  Place ready_place;
  Place streams_place;
};

// A URL or a mapping; complete.
ServiceDraft read_service(const Value& value, const Reading& reading);

// The keys url, command and ready, for a mapping that may have more. `draft` and `reading` must outlive the fields.
std::vector<Field> service_fields(ServiceDraft& draft, const Reading& reading);

// Once the keys are read: the url that a command without one gets, and whether both agree about {port}.
void complete_service(ServiceDraft& draft, Mistakes& mistakes);

// A program and its arguments, ${NAME} filled in; empty when any of them was refused.
std::vector<Secretive> read_command(const Value& value, const Reading& reading);
std::vector<std::string> texts_of(const std::vector<Secretive>& argv);

// {port} in a url without a command: nobody would fill it in.
void refuse_port_mark(const std::string& url, const Place& place, Mistakes& mistakes);

// The URL with variables filled in; what only a later version speaks is refused. Its syntax is protocol/'s to judge.
std::optional<std::string> read_url(const Value& value, const Reading& reading);

// The path and query of a URL, "/" when it has none.
std::string path_of_url(const std::string& url);

// The URL for people: user info and query values as ***.
std::string url_shown(const std::string& url);

}  // namespace burstgate::config
