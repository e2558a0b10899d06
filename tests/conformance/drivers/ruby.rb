# frozen_string_literal: true

# Runs operations for the conformance scenarios.
#
# Each line of standard input is a request; the answer is a trace, a JSON document a line.

require 'atk'
require 'json'

# For the runner's own tests: a difference that it must find.
PLANT = ENV.fetch('ATK_CONFORMANCE_PLANT', '')
$stdout.sync = true

def show(line) = PLANT == 'silent' || puts(JSON.generate(line))

# Choices that the documents write with a hyphen.
HYPHENS = { ai_generated: 'ai-generated', docker_compose: 'docker-compose' }.freeze

# What the documents call a field of a record.
def name_of(record, field)
  case [record, field]
  in [Atk::Failure, :text] then :message
  in [Atk::Event, :chunk] then :text
  in [Atk::Service | Atk::SourceInfo | Atk::McpConfig, :kind] then :type
  else field
  end
end

def document(value)
  case value
  when Array then value.map { |one| document(one) }
  when Hash then value.transform_values { |one| document(one) }
  when Symbol then HYPHENS.fetch(value, value)
  when Atk::Position then [value.number, value.total]
  when Atk::Value, Atk::Report then record(value)
  else value
  end
end

def record(value)
  tag = { Atk::Event => :event, Atk::Source => :type }[value.class.superclass]
  fields = value.instance_variables.to_h do |variable|
    field = variable.to_s.delete_prefix('@').to_sym
    content = field == :chunk ? value.text : value.instance_variable_get(variable)
    [name_of(value, field), document(content)]
  end
  tag ? { tag => value.class.name.split('::').last.downcase, **fields } : fields
end

def callbacks(request)
  cancel = Atk::CancelToken.new
  at = request['cancel_at']
  on_event = lambda do |event|
    shown = document(event)
    show(event: shown) unless PLANT == 'event' && shown[:event] == 'operation_started'
    cancel.cancel if shown[:event] == at
  end
  on_prompt = lambda do |prompt, _|
    show(prompt: document(prompt))
    cancel.cancel if at == 'prompt'
    request['replies'].fetch(prompt.id) { return }.then { |reply| reply.nil? ? :default : reply }
  end
  [on_event, { cancel: cancel, on_prompt: request['replies'] && on_prompt }]
end

def run(request)
  name = request['call'].to_sym
  given = request['with'].transform_keys(&:to_sym)
  options = request['options'].transform_keys(&:to_sym)
  on_event, called_back = callbacks(request)
  if name == :init
    Atk::Home.init(request['home'], **options, **given, cancel: called_back[:cancel], &on_event)
    return {}
  end
  parameters = Atk::Home.instance_method(name).parameters
  positional = parameters.filter_map { |kind, parameter| parameter if %i[req opt].include?(kind) }
  words = positional.map { |parameter| given.delete(parameter) }
  words += given.delete(:args) || [] if parameters.include?(%i[rest args])
  called_back.select! { |keyword, _| parameters.include?([:key, keyword]) }
  Atk::Home.new(request['home'], **options).public_send(name, *words, **given, **called_back, &on_event)
end

$stdin.each_line do |line|
  outcome = document(run(JSON.parse(line)))
  outcome[:planted] = true if PLANT == 'field' && outcome.is_a?(Hash)
  show(outcome: outcome)
rescue Atk::Error => e
  show((PLANT == 'success' ? :outcome : :error) => document(e.failure))
end
